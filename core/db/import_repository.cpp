#include "db/import_repository.hpp"

#include <vector>

#include "db/pieces.hpp"

namespace livechat::db {
namespace {

// Below all that the triggers take for a time.
constexpr std::string_view kNow = "1000-01-01 00:00:00";

Value time_or_now(const std::optional<std::string>& time) {
    return time ? std::string_view(*time) : kNow;
}

}  // namespace

void ImportRepository::begin() { connection_.run("SET @livechat_import = 1"); }

void ImportRepository::insert_session(std::string_view client_id,
                                      const std::optional<std::string>& created_at) {
    connection_.execute("INSERT INTO session (client_id, created_at) VALUES (?, ?)",
                        {client_id, time_or_now(created_at)});
}

std::vector<NumberedMessage> ImportRepository::numbered(
    std::span<const std::pair<SessionId, Seq>> places) {
    std::vector<NumberedMessage> messages;
    if (places.empty()) return messages;
    // Pairs joined by OR: MySQL 5.6 uses the index for this form only.
    std::string sql = "SELECT session_id, seq, sender, body, created_at FROM message WHERE ";
    std::vector<Value> values;
    for (const auto& [session_id, seq] : places) {
        sql += values.empty() ? "" : " OR ";
        sql += "(session_id = ? AND seq = ?)";
        values.emplace_back(session_id);
        values.emplace_back(seq);
    }
    auto found = connection_.query(sql, values);
    while (found.next()) {
        // "2025-03-10T12:00:00.000Z"
        auto time = found.time(5).substr(0, 23);
        time[10] = ' ';
        messages.push_back({found.integer(1), found.integer(2),
                            found.text(3) == to_string(Side::admin) ? Side::admin : Side::client,
                            found.text(4), std::move(time)});
    }
    return messages;
}

void ImportRepository::insert_messages(std::span<const DatedRow> rows) {
    const auto size_of = [](const DatedRow& row) {
        constexpr std::size_t kRest = 512;  // the other columns
        return row.message->text.size() + kRest;
    };
    for_packets(rows, connection_.max_packet(), size_of,
                [&](std::span<const DatedRow> part) { insert_at_once(part); });
}

void ImportRepository::insert_at_once(std::span<const DatedRow> rows) {
    std::vector<Value> values;
    values.reserve(rows.size() * 5);
    for (const auto& [session_id, message, created_at] : rows) {
        values.emplace_back(session_id);
        values.emplace_back(to_string(message->sender));
        values.emplace_back(std::string_view(message->text));
        values.push_back(value_or_null(message->message_id));
        values.push_back(time_or_now(created_at));
    }
    connection_.execute(
        "INSERT INTO message (session_id, sender, body, message_id, created_at) VALUES " +
            placeholders(rows.size(), 5),
        values);
}

void ImportRepository::read_up_to(SessionId id, Side reader, Seq seq) {
    if (reader == Side::client) {
        connection_.execute(
            "UPDATE session SET client_read_seq = GREATEST(client_read_seq, ?) WHERE id = ?",
            {seq, id});
        connection_.execute(
            "UPDATE session s SET client_unread = (SELECT COUNT(*) FROM message m"
            " WHERE m.session_id = s.id AND m.sender = 'admin' AND m.seq > s.client_read_seq)"
            " WHERE s.id = ?",
            {id});
    } else {
        connection_.execute(
            "UPDATE session SET admin_read_seq = GREATEST(admin_read_seq, ?) WHERE id = ?",
            {seq, id});
        connection_.execute(
            "UPDATE session s SET admin_unread = (SELECT COUNT(*) FROM message m"
            " WHERE m.session_id = s.id AND m.sender = 'client' AND m.seq > s.admin_read_seq)"
            " WHERE s.id = ?",
            {id});
    }
}

}  // namespace livechat::db
