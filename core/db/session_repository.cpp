#include "db/session_repository.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "db/columns.hpp"

namespace livechat::db {
namespace {

constexpr std::string_view kNobodyWaits = "1000-01-01 00:00:00";  // waiting_since

// The server looks through a CASE from the front, so a statement's price grows with the square.
constexpr std::size_t kSavedAtOnce = 32;

// For statements that lock rows by their ids. Without FORCE a scan may look cheaper in a small
// table, and would wait for the rows of others.
constexpr std::string_view kSessionById = "session FORCE INDEX (PRIMARY)";

// The newest message comes from its copy in the session's row, or else from its own.
constexpr std::string_view kListed =
    "SELECT s.id, s.client_id, s.status, s.created_at, s.last_seq, s.client_unread, s.admin_unread,"
    " s.last_message_at, s.last_sender, s.last_body, m.sender, m.body, v.updated_at, v.page,"
    " v.referrer, v.user_agent, v.language, v.timezone, v.name, v.email, s.waiting_since"
    " FROM session s";
// MySQL 5.6 would read all sessions and sort them where one of these tables looks small.
constexpr std::string_view kJoined =
    " LEFT JOIN message m FORCE INDEX (PRIMARY) ON s.last_body IS NULL AND s.last_seq > 0"
    " AND m.session_id = s.id AND m.seq = s.last_seq"
    " LEFT JOIN visitor v FORCE INDEX (PRIMARY) ON v.session_id = s.id";

std::string list_where(std::string_view condition) {
    return std::string(kListed) + std::string(kJoined) + " WHERE " + std::string(condition);
}

// Newest first. Without the hint MySQL 5.6 goes through all that are newer than a page, and so does
// MariaDB until it has counted the rows of a table that grew.
std::string list_in_order(std::string_view condition) {
    return std::string(kListed) + " FORCE INDEX (session_recent)" + std::string(kJoined) +
           " WHERE " + std::string(condition) +
           " ORDER BY s.last_message_at DESC, s.id DESC LIMIT ?";
}

std::optional<Visitor> read_visitor(const Rows& rows, unsigned first) {
    if (rows.is_null(first)) return std::nullopt;
    Visitor visitor;
    visitor.updated_at = rows.time(first);
    for (auto& text : visitor.fields) text = rows.text(++first);
    if (!knows_anything(visitor)) return std::nullopt;
    return visitor;
}

// None where its status is not known.
std::optional<ListedSession> read_listed(const Rows& rows) {
    const auto status = read_status(rows, 3);
    if (!status) return std::nullopt;
    ListedSession listed;
    listed.position = {rows.time(8), rows.integer(1)};
    auto& session = listed.session;
    session.client_id = rows.text(2);
    session.status = *status;
    session.created_at = rows.time(4);
    session.last_seq = rows.integer(5);
    session.unread_client = rows.integer(6);
    session.unread_admin = rows.integer(7);
    const unsigned newest = rows.is_null(10) ? 11 : 9;
    const auto sender = rows.is_null(newest) ? std::nullopt : read_side(rows, newest);
    if (sender) {
        auto& last = session.last_message.emplace();
        last.seq = session.last_seq;
        last.created_at = listed.position.last_message_at;
        last.sender = *sender;
        last.text = rows.text(newest + 1);
    }
    session.visitor = read_visitor(rows, 13);
    // The year 1000: no one waits.
    if (auto since = rows.time(21); since >= "1970") session.waiting_since = std::move(since);
    return listed;
}

std::vector<ListedSession> read_list(Rows rows) {
    std::vector<ListedSession> list;
    while (rows.next()) {
        if (auto listed = read_listed(rows)) list.push_back(*std::move(listed));
    }
    return list;
}

}  // namespace

std::optional<SessionRecord> SessionRepository::find(std::string_view client_id) {
    static const std::string sql =
        "SELECT " + std::string(kRecordColumns) + " FROM session s WHERE s.client_id = ?";
    auto rows = connection_.query(sql, {client_id});
    if (!rows.next()) return std::nullopt;
    return read_record(rows, client_id);
}

std::optional<RoomRecord> SessionRepository::find_room(std::string_view client_id) {
    static const std::string sql =
        "SELECT " + std::string(kRecordColumns) +
        ", COALESCE((SELECT n.id FROM notification n WHERE n.session_id = s.id"
        " ORDER BY n.id DESC LIMIT 1), 0)"
        " FROM session s WHERE s.client_id = ?";
    auto rows = connection_.query(sql, {client_id});
    if (!rows.next()) return std::nullopt;
    return RoomRecord{read_record(rows, client_id), rows.integer(9)};
}

bool SessionRepository::hold(std::string_view client_id) {
    return connection_.query("SELECT 1 FROM session WHERE client_id = ? FOR UPDATE", {client_id})
        .next();
}

void SessionRepository::insert(std::string_view client_id) {
    connection_.execute("INSERT INTO session (client_id) VALUES (?)", {client_id});
}

void SessionRepository::reopen(SessionId id) {
    connection_.execute("UPDATE session SET status = 'active' WHERE id = ?", {id});
}

void SessionRepository::close(SessionId id) {
    connection_.execute("UPDATE session SET status = 'closed' WHERE id = ?", {id});
}

bool SessionRepository::mark_read(std::string_view client_id, Side reader) {
    return connection_.execute(
               reader == Side::client
                   ? "UPDATE session SET client_read_seq = last_seq, client_unread = 0"
                     " WHERE client_id = ? AND client_unread > 0"
                   : "UPDATE session SET admin_read_seq = last_seq, admin_unread = 0"
                     " WHERE client_id = ? AND admin_unread > 0",
               {client_id}) > 0;
}

std::vector<ListedSession> SessionRepository::list(SessionStatus status,
                                                   std::uint64_t limit,
                                                   const std::optional<ListPosition>& after) {
    static const std::string first = list_in_order("s.status = ?");
    static const std::string next = list_in_order(
        "s.status = ? AND s.last_message_at <= ?"
        " AND (s.last_message_at < ? OR s.id < ?)");
    const std::string_view word = to_string(status);
    if (!after) return read_list(connection_.query(first, {word, limit}));
    const auto time = sql_time(after->last_message_at);
    return read_list(connection_.query(next, {word, time, time, after->id, limit}));
}

std::vector<ListedSession> SessionRepository::list(std::span<const SessionId> ids) {
    if (ids.empty()) return {};
    const auto values = in_list({ids.begin(), ids.end()});
    return read_list(
        connection_.query(list_where("s.id IN " + placeholders(1, values.size())), values));
}

std::optional<Session> SessionRepository::find_listed(std::string_view client_id) {
    static const std::string sql = list_where("s.client_id = ?");
    auto rows = connection_.query(sql, {client_id});
    if (!rows.next()) return std::nullopt;
    auto listed = read_listed(rows);
    if (!listed) return std::nullopt;
    return std::move(listed->session);
}

std::unordered_map<std::string, SessionId> SessionRepository::ids_of(
    std::span<const std::string_view> client_ids) {
    std::unordered_map<std::string, SessionId> ids;
    if (client_ids.empty()) return ids;
    const auto values = in_list({client_ids.begin(), client_ids.end()});
    auto rows = connection_.query(
        "SELECT client_id, id FROM session WHERE client_id IN " + placeholders(1, values.size()),
        values);
    while (rows.next()) ids.emplace(rows.text(1), rows.integer(2));
    return ids;
}

SessionRepository::Locked SessionRepository::lock(std::span<const SessionId> ids) {
    return lock_with(ids, " FOR UPDATE");
}

SessionRepository::Locked SessionRepository::lock_free(std::span<const SessionId> ids) {
    return lock_with(ids,
                     connection_.can_skip_locked() ? " FOR UPDATE SKIP LOCKED" : " FOR UPDATE");
}

SessionRepository::Locked SessionRepository::lock_with(std::span<const SessionId> ids,
                                                       std::string_view how) {
    Locked locked;
    if (ids.empty()) return locked;
    const auto values = in_list({ids.begin(), ids.end()});
    auto rows = connection_.query(
        "SELECT id, client_id, last_seq, GREATEST(last_message_at, UTC_TIMESTAMP(3)),"
        " client_unread, admin_unread, waiting_since, waiting_since < '1970-01-01'"
        " FROM " +
            std::string(kSessionById) + " WHERE id IN " + placeholders(1, values.size()) +
            std::string(how),
        values);
    while (rows.next()) {
        HeldSession& held = locked[rows.integer(1)];
        held.client_id = rows.text(2);
        held.last_seq = rows.integer(3);
        held.time = rows.time(4);
        held.client_unread = rows.integer(5);
        held.admin_unread = rows.integer(6);
        if (rows.integer(8) == 0) held.waiting_since = rows.time(7);
    }
    return locked;
}

void SessionRepository::save_newest(const Locked& sessions) {
    std::vector<Changed> changed;
    for (const auto& [id, held] : sessions) {
        if (held.newest) changed.emplace_back(id, &held);
    }
    for (std::span<const Changed> rest(changed); !rest.empty();) {
        const auto piece = rest.first(std::min(rest.size(), kSavedAtOnce));
        save_at_once({piece.begin(), piece.end()});
        rest = rest.subspan(piece.size());
    }
}

// One CASE for each column, over the same ids.
void SessionRepository::save_at_once(std::vector<Changed> sessions) {
    // As in in_list: the last is repeated, so that a few statements do for any number.
    sessions.resize(std::bit_ceil(sessions.size()), sessions.back());
    std::string choice = " = CASE id";
    for (std::size_t i = 0; i < sessions.size(); ++i) choice += " WHEN ? THEN ?";
    choice += " END";

    std::string sql = "UPDATE " + std::string(kSessionById) + " SET status = 'active'";
    std::vector<Value> values;
    const auto set = [&](std::string_view column, auto value_of) {
        sql.append(", ").append(column).append(choice);
        for (const auto& [id, held] : sessions) {
            values.emplace_back(id);
            values.push_back(value_of(*held));
        }
    };
    std::vector<std::string> times;  // what `values` points to
    times.reserve(sessions.size() * 2);
    const auto time = [&](std::string_view rfc3339) -> Value {
        return times.emplace_back(sql_time(rfc3339));
    };
    using Held = const HeldSession&;
    set("last_seq", [](Held held) -> Value { return held.last_seq; });
    set("last_message_at", [&](Held held) { return time(held.time); });
    set("last_sender", [](Held held) -> Value { return to_string(held.newest->sender); });
    set("last_body", [](Held held) {
        const auto text = held.copied_text();
        return text ? Value(*text) : Value();
    });
    set("client_unread", [](Held held) -> Value { return held.client_unread; });
    set("admin_unread", [](Held held) -> Value { return held.admin_unread; });
    set("waiting_since", [&](Held held) {
        return held.waiting_since ? time(*held.waiting_since) : Value(kNobodyWaits);
    });
    sql += " WHERE id IN " + placeholders(1, sessions.size());
    for (const auto& [id, held] : sessions) values.emplace_back(id);
    connection_.execute(sql, values);
}

std::unordered_map<SessionId, Newest> SessionRepository::newest_of(std::span<const SessionId> ids) {
    const auto values = in_list({ids.begin(), ids.end()});
    auto rows = connection_.query("SELECT id, last_seq, last_message_at FROM session WHERE id IN " +
                                      placeholders(1, values.size()),
                                  values);
    std::unordered_map<SessionId, Newest> newest;
    while (rows.next()) newest.emplace(rows.integer(1), Newest{rows.integer(2), rows.time(3)});
    return newest;
}

}  // namespace livechat::db
