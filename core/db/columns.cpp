#include "db/columns.hpp"

namespace livechat::db {

Side read_side(const Rows& rows, unsigned column) {
    return rows.word(column) == "client" ? Side::client : Side::admin;
}

SessionStatus read_status(const Rows& rows, unsigned column) {
    return rows.word(column) == "closed" ? SessionStatus::closed : SessionStatus::active;
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
    record.session.status = read_status(rows, 2);
    record.session.created_at = rows.time(3);
    record.session.last_seq = rows.integer(4);
    record.session.unread_client = rows.integer(5);
    record.session.unread_admin = rows.integer(6);
    record.client_read_seq = rows.integer(7);
    record.admin_read_seq = rows.integer(8);
    return record;
}

Message read_message(const Rows& rows, unsigned first, const SessionRecord& session) {
    Message message;
    message.seq = rows.integer(first);
    message.sender = read_side(rows, first + 1);
    message.text = rows.text(first + 2);
    message.created_at = rows.time(first + 3);
    message.message_id = rows.optional_text(first + 4);
    message.read = session.is_read(message.sender, message.seq);
    return message;
}

}  // namespace livechat::db
