// Taking over conversations from another system, with the times that they had there. Throws
// db::Error as ChatService does.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "db/connection.hpp"
#include "domain/types.hpp"

namespace livechat {

// A session, and a message in it if there is one. Has passed the rules.
struct ImportItem {
    std::string client_id;
    // UTC, "2025-03-10 12:00:00.000": of the message, or of the session. None: now.
    std::optional<std::string> created_at;
    std::optional<NewMessage> message;  // with a messageId; an empty text: it was erased there
    std::optional<Seq> seq = {};        // of the message, where it was exported
    bool read = false;                  // the message, by the opposite side
    std::optional<SessionStatus> status;
};

struct Imported {
    std::uint64_t sessions = 0;  // that were not there
    std::uint64_t messages = 0;
    std::uint64_t known = 0;   // messages that were there already
    std::uint64_t erased = 0;  // items that were left out: see write()
};

class ImportService {
  public:
    explicit ImportService(db::Connection& connection) : connection_(connection) {}

    // In one transaction, in this order for each session. A message whose messageId the session has
    // already is left out, so that a repeated import changes nothing. So is one that stands there
    // under its seq, with the same time, side and text (or erased since): an export that comes
    // back. So is all of a clientId that was erased here (ErasureService) which is not known to be
    // newer than that. No time lies in the future or before that of the message before it.
    Imported write(std::span<const ImportItem> items);

  private:
    Imported try_write(std::span<const ImportItem> items);

    db::Connection& connection_;
};

}  // namespace livechat
