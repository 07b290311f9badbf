#include "db/retention_repository.hpp"

#include <string>

#include "db/columns.hpp"

namespace livechat::db {
namespace {

// A session without a message is as old as itself.
constexpr std::string_view kAged =
    " last_message_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY"
    " AND created_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY";

}  // namespace

std::uint64_t RetentionRepository::count(const Retention& retention) {
    static const std::string all =
        "SELECT COUNT(*) FROM session WHERE status IN ('active', 'closed') AND" +
        std::string(kAged);
    static const std::string closed =
        "SELECT COUNT(*) FROM session WHERE status = 'closed' AND" + std::string(kAged);
    auto rows =
        connection_.query(retention.closed_only ? closed : all, {retention.days, retention.days});
    return rows.next() ? rows.integer(1) : 0;
}

Growth RetentionRepository::last_day() {
    auto rows = connection_.query(
        "SELECT COUNT(*), COALESCE((SELECT avg_row_length FROM information_schema.tables"
        " WHERE table_schema = DATABASE() AND table_name = 'message'), 0) FROM notification"
        " WHERE kind = 'message' AND created_at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY");
    if (!rows.next()) return {};
    return {rows.integer(1), rows.integer(1) * rows.integer(2)};
}

std::vector<AgedSession> RetentionRepository::oldest(const Retention& retention,
                                                     SessionStatus status,
                                                     std::uint64_t limit,
                                                     const std::optional<ListPosition>& after) {
    std::string sql = "SELECT id, last_message_at, last_seq FROM session WHERE status = ? AND" +
                      std::string(kAged);
    std::vector<Value> values{to_string(status), retention.days, retention.days};
    std::string time;
    if (after) {
        time = sql_time(after->last_message_at);
        sql += " AND last_message_at >= ? AND (last_message_at > ? OR id > ?)";
        values.insert(values.end(), {std::string_view(time), std::string_view(time), after->id});
    }
    values.emplace_back(limit);
    auto rows = connection_.query(sql + " ORDER BY last_message_at, id LIMIT ?", values);
    std::vector<AgedSession> sessions;
    while (rows.next()) sessions.push_back({{rows.time(2), rows.integer(1)}, rows.integer(3)});
    return sessions;
}

std::vector<SessionId> RetentionRepository::lock_aged(const Retention& retention,
                                                      std::span<const SessionId> ids) {
    auto values = in_list({ids.begin(), ids.end()});
    const auto among = placeholders(1, values.size());
    values.insert(values.end(), {retention.days, retention.days});
    auto rows = connection_.query(
        "SELECT id FROM session WHERE id IN " + among + " AND" + std::string(kAged) +
            (retention.closed_only ? " AND status = 'closed'" : "") + " FOR UPDATE",
        values);
    std::vector<SessionId> aged;
    while (rows.next()) aged.push_back(rows.integer(1));
    return aged;
}

std::vector<SessionId> RetentionRepository::empty(SessionStatus status,
                                                  std::uint64_t days,
                                                  std::uint64_t limit) {
    auto rows = connection_.query(
        "SELECT id FROM session s WHERE s.status = ? AND s.last_message_at < '1970-01-01'"
        " AND s.last_seq = 0 AND s.created_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY"
        " AND EXISTS (SELECT 1 FROM session_owner o WHERE o.session_id = s.id AND o.proven = 0)"
        " ORDER BY s.last_message_at, s.id LIMIT ?",
        {to_string(status), days, limit});
    std::vector<SessionId> ids;
    while (rows.next()) ids.push_back(rows.integer(1));
    return ids;
}

std::vector<SessionId> RetentionRepository::lock_empty(std::span<const SessionId> ids) {
    const auto values = in_list({ids.begin(), ids.end()});
    auto rows =
        connection_.query("SELECT id FROM session WHERE id IN " + placeholders(1, values.size()) +
                              " AND last_seq = 0 FOR UPDATE",
                          values);
    std::vector<SessionId> empty;
    while (rows.next()) empty.push_back(rows.integer(1));
    return empty;
}

void RetentionRepository::shorten_tokens(std::span<const SessionId> ids) {
    const auto values = in_list({ids.begin(), ids.end()});
    connection_.execute(
        "UPDATE access_token t JOIN session_owner o ON o.token_hash = t.token_hash"
        " SET t.expires_at = UTC_TIMESTAMP(3) + INTERVAL 30 DAY WHERE o.session_id IN " +
            placeholders(1, values.size()) +
            " AND t.expires_at > UTC_TIMESTAMP(3) + INTERVAL 30 DAY"
            " AND NOT EXISTS (SELECT 1 FROM session_owner other"
            " WHERE other.token_hash = t.token_hash AND other.session_id <> o.session_id)",
        values);
}

std::uint64_t RetentionRepository::remove(std::span<const SessionId> ids) {
    const auto values = in_list({ids.begin(), ids.end()});
    const auto among = " IN " + placeholders(1, values.size());
    const auto messages =
        connection_.execute("DELETE FROM message WHERE session_id" + among, values);
    // What belongs to the session in other tables goes with it.
    connection_.execute("DELETE FROM session WHERE id" + among, values);
    return messages;
}

}  // namespace livechat::db
