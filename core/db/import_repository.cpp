#include "db/import_repository.hpp"

#include <vector>

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

void ImportRepository::insert_messages(std::span<const DatedRow> rows) {
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
