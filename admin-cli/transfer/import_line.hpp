// The lines of an import (livechat-admin(1), "import"): JSON objects, one a line. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <unordered_map>

#include "base/config.hpp"
#include "chat/import_service.hpp"

namespace livechat::admin {

// What is wrong with a line: a sentence without a full stop.
using ImportLine = tl::expected<ImportItem, std::string>;

// {"clientId","sender","message","createdAt"?,"messageId"?,"seq"?,"read"?} or
// {"clientId","status"?,"createdAt"?}; other members are passed over. The item's message has no
// messageId if the line has none.
ImportLine parse_import_line(std::string_view line, const Limits& limits);

// Gives a messageId to messages that have none, made of what they say, so that the same line is the
// same message in each run. A second message that says the same at the same time is another one: it
// is told apart if it comes within a few thousand lines of the first. One without a time of its own
// is named by its line number as well.
class MessageNames {
  public:
    void name(ImportItem& item, std::uint64_t line);

  private:
    std::uint64_t occurrence(const std::string& key);

    std::unordered_map<std::string, std::uint64_t> recent_;
    std::unordered_map<std::string, std::uint64_t> older_;
};

}  // namespace livechat::admin
