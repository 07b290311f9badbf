#include "db/message_repository.hpp"

#include "db/columns.hpp"

namespace livechat::db {

std::vector<Message> MessageRepository::read(const SessionRecord& session, Seq first, Seq last) {
    std::vector<Message> messages;
    if (first > last) return messages;
    static const std::string sql =
        "SELECT " + std::string(kMessageColumns) +
        " FROM message m"
        " WHERE m.session_id = ? AND m.seq BETWEEN ? AND ? ORDER BY m.seq";
    auto rows = connection_.query(sql, {session.id, first, last});
    while (rows.next()) messages.push_back(read_message(rows, 1, session));
    return messages;
}

void MessageRepository::insert(std::span<const MessageRow> rows) {
    std::vector<Value> values;
    values.reserve(rows.size() * 4);
    for (const auto& [session_id, message] : rows) {
        values.emplace_back(session_id);
        values.emplace_back(to_string(message->sender));
        values.emplace_back(std::string_view(message->text));
        values.push_back(value_or_null(message->message_id));
    }
    connection_.execute("INSERT INTO message (session_id, sender, body, message_id) VALUES " +
                            placeholders(rows.size(), 4),
                        values);
}

std::vector<KnownMessage> MessageRepository::known(std::span<const MessageRow> rows) {
    // Pairs joined by OR, not (a, b) IN ((…)): MySQL 5.6 uses the index for this form only.
    std::string sql = "SELECT session_id, message_id, seq, created_at FROM message WHERE ";
    std::vector<Value> values;
    for (const auto& [session_id, message] : rows) {
        if (!message->message_id) continue;
        sql += values.empty() ? "" : " OR ";
        sql += "(session_id = ? AND message_id = ?)";
        values.emplace_back(session_id);
        values.emplace_back(std::string_view(*message->message_id));
    }
    std::vector<KnownMessage> known;
    if (values.empty()) return known;
    auto found = connection_.query(sql, values);
    while (found.next()) {
        known.push_back({found.integer(1), found.text(2), found.integer(3), found.time(4)});
    }
    return known;
}

}  // namespace livechat::db
