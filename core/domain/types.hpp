// The nouns of the chat. Times are RFC 3339 in UTC with milliseconds ("2025-03-10T12:00:00.000Z"),
// as the contract shows them; text is UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/visitor.hpp"

namespace livechat {

enum class Side : std::uint8_t { client, admin };
enum class SessionStatus : std::uint8_t { active, closed };

std::string_view to_string(Side side);
std::string_view to_string(SessionStatus status);
std::optional<SessionStatus> parse_status(std::string_view word);
constexpr Side opposite(Side side) { return side == Side::client ? Side::admin : Side::client; }

// Number of a message in its session: 1, 2, 3 … in the order of commit. 0: before the first.
using Seq = std::uint64_t;

struct Message {
    Seq seq = 0;
    Side sender = Side::client;
    std::string text;
    std::string created_at;
    std::optional<std::string> message_id;  // the sender's own name for it
    bool read = false;                      // by the opposite side

    // Its text was removed on demand; an empty one cannot be written.
    bool erased() const { return text.empty(); }
};

struct Session {
    std::string client_id;
    SessionStatus status = SessionStatus::active;
    std::string created_at;
    Seq last_seq = 0;
    std::uint64_t unread_client = 0;  // messages that the client has not read yet
    std::uint64_t unread_admin = 0;
    std::optional<Message> last_message;
    // Of the visitor's first message that no agent has answered; for agents only.
    std::optional<std::string> waiting_since = {};
    std::optional<Visitor> visitor = {};  // if anything is known; for agents only
};

// A message on its way in.
struct NewMessage {
    std::string client_id;
    Side sender = Side::client;
    std::string text;
    std::optional<std::string> message_id;
};

// What its sender is told once it is committed.
struct Sent {
    Seq seq = 0;
    std::string created_at;
    std::optional<std::string> message_id;
    bool repeated = false;  // the messageId was there already: this is what the first one answered
};

}  // namespace livechat
