#include "db/notification_repository.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "db/columns.hpp"
#include "db/words.hpp"

namespace livechat::db {
namespace {

constexpr std::string_view kColumns =
    "SELECT n.id, n.kind, n.session_id, s.client_id, n.seq,"
    " m.sender, m.body, m.created_at, m.message_id,"
    " GREATEST(TIMESTAMPDIFF(MICROSECOND, n.created_at, UTC_TIMESTAMP(3)), 0)"
    " FROM notification n LEFT JOIN session s ON s.id = n.session_id"
    " LEFT JOIN message m ON n.kind = 'message' AND m.session_id = n.session_id AND m.seq = n.seq";

constexpr std::string_view kWords[] = {
#define LIVECHAT_NOTIFICATION(kind, event, payload) #kind,
#include "domain/notifications.def"
#undef LIVECHAT_NOTIFICATION
};

std::optional<NotificationKind> parse_kind(std::string_view word) {
    const auto known = std::ranges::find(kWords, word);
    if (known == std::end(kWords)) return std::nullopt;
    return static_cast<NotificationKind>(known - std::begin(kWords));
}

std::optional<Message> read_message(const Rows& rows) {
    if (rows.is_null(6)) return std::nullopt;  // removed meanwhile
    const auto sender = read_side(rows, 6);
    if (!sender) return std::nullopt;
    Message message;
    message.seq = rows.integer(5);
    message.sender = *sender;
    message.text = rows.text(7);
    message.created_at = rows.time(8);
    message.message_id = rows.optional_text(9);
    return message;
}

// A row whose session or message is gone has an id nevertheless, which a reader must not wait for.
Notification read_row(const Rows& rows) {
    Notification notification;
    notification.id = rows.integer(1);
    notification.session_id = rows.integer(3);
    notification.client_id = rows.text(4);
    notification.seq = rows.integer(5);
    notification.age_us = rows.integer(10);
    const auto kind = read_word("notification.kind", rows.word(2), parse_kind);
    if (!kind || rows.is_null(4)) return notification;
    if (kind == NotificationKind::message) {
        auto message = read_message(rows);
        if (!message) return notification;
        notification.message = *std::move(message);
    }
    notification.kind = kind;
    return notification;
}

std::vector<Notification> read_all(Rows rows) {
    std::vector<Notification> notifications;
    while (rows.next()) notifications.push_back(read_row(rows));
    return notifications;
}

}  // namespace

std::string_view to_string(NotificationKind kind) { return kWords[static_cast<std::size_t>(kind)]; }

std::vector<Notification> NotificationRepository::read(NotificationId after,
                                                       std::uint64_t limit,
                                                       std::span<const NotificationId> holes) {
    // One statement is one view of the database. With two, a transaction could become visible in
    // between, and a room's later event could be seen before its earlier one.
    std::string sql = "(" + std::string(kColumns) + " WHERE n.id > ? ORDER BY n.id LIMIT ?)";
    std::vector<Value> values{after, limit};
    if (!holes.empty()) {
        const auto asked = in_list({holes.begin(), holes.end()});
        sql += " UNION ALL (" + std::string(kColumns) + " WHERE n.id IN " +
               placeholders(1, asked.size()) + ")";
        values.insert(values.end(), asked.begin(), asked.end());
    }
    auto notifications = read_all(connection_.query(sql, values));
    std::ranges::sort(notifications, {}, &Notification::id);
    return notifications;
}

std::vector<Notification> NotificationRepository::read_some(std::span<const NotificationId> ids) {
    const auto values = in_list({ids.begin(), ids.end()});
    return read_all(connection_.query(std::string(kColumns) + " WHERE n.id IN " +
                                          placeholders(1, values.size()) + " ORDER BY n.id",
                                      values));
}

std::vector<Notification> NotificationRepository::read_room(SessionId session_id,
                                                            NotificationId after,
                                                            std::span<const NotificationId> holes,
                                                            NotificationId last,
                                                            std::uint64_t limit) {
    std::string sql =
        std::string(kColumns) + " WHERE n.session_id = ? AND n.kind <> 'visitor' AND (n.id > ?";
    std::vector<Value> values{session_id, after};
    const auto asked = in_list({holes.begin(), holes.end()});
    if (!asked.empty()) sql += " OR n.id IN " + placeholders(1, asked.size());
    values.insert(values.end(), asked.begin(), asked.end());
    sql += ") AND n.id <= ? ORDER BY n.id LIMIT ?";
    values.insert(values.end(), {last, limit});
    return read_all(connection_.query(sql, values));
}

NotificationId NotificationRepository::last_seen(SessionId session_id,
                                                 NotificationId after,
                                                 std::span<const NotificationId> holes) {
    std::string sql = "SELECT id FROM notification WHERE session_id = ? AND id <= ?";
    std::vector<Value> values{session_id, after};
    const auto asked = in_list({holes.begin(), holes.end()});
    if (!asked.empty()) sql += " AND id NOT IN " + placeholders(1, asked.size());
    values.insert(values.end(), asked.begin(), asked.end());
    auto rows = connection_.query(sql + " ORDER BY id DESC LIMIT 1", values);
    return rows.next() ? rows.integer(1) : 0;
}

Presence NotificationRepository::probe(NotificationId id) {
    if (!connection_.can_skip_locked()) return Presence::unknown;
    try {
        // A row that was not committed is locked by its transaction.
        auto rows =
            connection_.query("SELECT id FROM notification WHERE id = ? FOR UPDATE NOWAIT", {id});
        return rows.next() ? Presence::unknown : Presence::absent;
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::locked) throw;
        return Presence::uncommitted;
    }
}

NotificationId NotificationRepository::newest() {
    auto rows = connection_.query("SELECT COALESCE(MAX(id), 0) FROM notification");
    return rows.next() ? rows.integer(1) : 0;
}

std::vector<NotificationId> NotificationRepository::ids(NotificationId first, NotificationId last) {
    std::vector<NotificationId> ids;
    auto rows = connection_.query(
        "SELECT id FROM notification WHERE id BETWEEN ? AND ? ORDER BY id", {first, last});
    while (rows.next()) ids.push_back(rows.integer(1));
    return ids;
}

NotificationRepository::Stretch NotificationRepository::stretch(NotificationId first,
                                                                NotificationId last,
                                                                std::uint64_t seconds) {
    auto rows = connection_.query(
        "SELECT COUNT(*), COALESCE(MAX(created_at) >= UTC_TIMESTAMP(3) - INTERVAL ? SECOND, 0)"
        " FROM notification WHERE id BETWEEN ? AND ?",
        {seconds, first, last});
    if (!rows.next()) return {};
    return {rows.integer(1), rows.integer(2) != 0};
}

NotificationId NotificationRepository::purged_through() {
    auto rows = connection_.query("SELECT purged_through FROM feed_state WHERE only_row = 1");
    return rows.next() ? rows.integer(1) : 0;
}

NotificationRepository::FeedState NotificationRepository::feed_state() {
    auto rows = connection_.query(
        "SELECT COALESCE(MAX(f.purged_through), 0), COALESCE(MAX(f.epoch), ''),"
        " (SELECT COALESCE(MAX(id), 0) FROM notification), @@GLOBAL.auto_increment_increment"
        " FROM feed_state f");
    if (!rows.next()) return {};
    return {rows.integer(1), rows.integer(3), rows.text(2), rows.integer(4)};
}

std::uint64_t NotificationRepository::purge(std::uint64_t hours, std::uint64_t limit) {
    const auto keep = newest();
    NotificationId last = 0;
    auto rows = connection_.query(
        "SELECT id, created_at < UTC_TIMESTAMP(3) - INTERVAL ? HOUR FROM notification"
        " ORDER BY id LIMIT ?",
        {hours, limit});
    while (rows.next() && rows.integer(2) == 1 && rows.integer(1) < keep) last = rows.integer(1);
    if (last == 0) return 0;
    Transaction transaction(connection_);
    connection_.execute(
        "UPDATE feed_state SET purged_through = GREATEST(purged_through, ?) WHERE only_row = 1",
        {last});
    const auto removed = connection_.execute("DELETE FROM notification WHERE id <= ?", {last});
    transaction.commit();
    return removed;
}

}  // namespace livechat::db
