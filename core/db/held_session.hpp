// A session's row within the transaction that holds it: where its conversation ends, and what
// further messages make of that. The rules are those of the trigger message_before_insert
// (sql/migrations/0006), which does the same for a message that comes alone; tests/sql/newest
// compares.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/types.hpp"

namespace livechat::db {

struct HeldSession {
    // What the row's copy of a text holds, in code points.
    static constexpr std::size_t kCopiedMost = 255;

    std::string client_id;
    Seq last_seq = 0;
    std::string time;  // what a message that comes now is stamped with; never before the newest one
    std::uint64_t client_unread = 0;
    std::uint64_t admin_unread = 0;
    std::optional<std::string> waiting_since;  // none: no one waits for an answer
    const NewMessage* newest = nullptr;        // of those that were added; must outlive this

    // Takes the message as the next one. Its seq is last_seq then, and its time `time`.
    void add(const NewMessage& message);

    // The text of `newest`, unless it is too long to be copied.
    std::optional<std::string_view> copied_text() const;
};

}  // namespace livechat::db
