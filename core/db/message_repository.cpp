#include "db/message_repository.hpp"

#include "db/columns.hpp"
#include "db/pieces.hpp"

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

void MessageRepository::insert(std::span<const NumberedRow> rows) {
    // The triggers leave messages alone on this connection from now on (0006_newest_message.sql).
    connection_.once("SET @livechat_numbered = 1");
    for_pieces(rows, [&](auto piece) { insert_at_once(piece); });
}

void MessageRepository::announce(std::span<const NumberedRow> rows) {
    for_pieces(rows, [&](auto piece) { announce_at_once(piece); });
}

void MessageRepository::insert_at_once(std::span<const NumberedRow> rows) {
    std::vector<std::string> times;  // what `values` points to
    times.reserve(rows.size());
    std::vector<Value> values;
    values.reserve(rows.size() * 6);
    for (const auto& row : rows) {
        values.emplace_back(row.session_id);
        values.emplace_back(row.seq);
        values.emplace_back(times.emplace_back(sql_time(row.created_at)));
        values.emplace_back(to_string(row.message->sender));
        values.emplace_back(std::string_view(row.message->text));
        values.push_back(value_or_null(row.message->message_id));
    }
    connection_.execute(
        "INSERT INTO message (session_id, seq, created_at, sender, body, message_id) VALUES " +
            placeholders(rows.size(), 6),
        values);
}

void MessageRepository::announce_at_once(std::span<const NumberedRow> rows) {
    std::vector<std::string> times;
    times.reserve(rows.size());
    std::vector<Value> values;
    values.reserve(rows.size() * 4);
    for (const auto& row : rows) {
        values.emplace_back(row.session_id);
        values.emplace_back("message");
        values.emplace_back(row.seq);
        values.emplace_back(times.emplace_back(sql_time(row.created_at)));
    }
    connection_.execute("INSERT INTO notification (session_id, kind, seq, created_at) VALUES " +
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
