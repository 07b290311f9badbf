#include "db/held_session.hpp"

#include "base/utf8.hpp"

namespace livechat::db {

void HeldSession::add(const NewMessage& message) {
    ++last_seq;
    newest = &message;
    if (message.sender == Side::admin) {
        ++client_unread;
        waiting_since.reset();
    } else {
        ++admin_unread;
        if (!waiting_since) waiting_since = time;
    }
}

std::optional<std::string_view> HeldSession::copied_text() const {
    const std::string_view text = newest->text;
    const auto length =
        text.size() <= kCopiedMost ? std::optional(text.size()) : count_code_points(text);
    if (!length || *length > kCopiedMost) return std::nullopt;
    return text;
}

}  // namespace livechat::db
