#include "db/columns.hpp"

#include "db/words.hpp"
#include "domain/rules.hpp"

namespace livechat::db {

std::optional<Side> read_side(const Rows& rows, unsigned column) {
    return read_word("message.sender", rows.word(column), rules::parse_side);
}

std::optional<SessionStatus> read_status(const Rows& rows, unsigned column) {
    return read_word("session.status", rows.word(column), parse_status);
}

std::string sql_time(std::string_view time) {
    constexpr std::size_t kLength = 23;  // without the Z
    std::string text(time.substr(0, kLength));
    text[10] = ' ';
    return text;
}

SessionRecord read_record(const Rows& rows, std::string_view client_id) {
    SessionRecord record;
    record.id = rows.integer(1);
    record.session.client_id = client_id;
    const auto status = read_status(rows, 2);
    if (!status) throw Error(ErrorKind::other, 0, "session.status is a word of a newer version");
    record.session.status = *status;
    record.session.created_at = rows.time(3);
    record.session.last_seq = rows.integer(4);
    record.session.unread_client = rows.integer(5);
    record.session.unread_admin = rows.integer(6);
    record.client_read_seq = rows.integer(7);
    record.admin_read_seq = rows.integer(8);
    return record;
}

std::optional<Message> read_message(const Rows& rows,
                                    unsigned first,
                                    const SessionRecord& session) {
    const auto sender = read_side(rows, first + 1);
    if (!sender) return std::nullopt;
    Message message;
    message.seq = rows.integer(first);
    message.sender = *sender;
    message.text = rows.text(first + 2);
    message.created_at = rows.time(first + 3);
    message.message_id = rows.optional_text(first + 4);
    message.read = session.is_read(message.sender, message.seq);
    return message;
}

}  // namespace livechat::db
