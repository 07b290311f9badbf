#include "db/epoch_repository.hpp"

#include <algorithm>

namespace livechat::db {
namespace {

constexpr std::string_view kTableMade =
    "(SELECT create_time FROM information_schema.tables"
    " WHERE table_schema = DATABASE() AND table_name = 'feed_state')";
// More than can have been given out since the backup.
constexpr NotificationId kLeap = 1'000'000'000;

}  // namespace

bool EpochRepository::came_with_backup() {
    connection_.execute("UPDATE feed_state SET table_made = " + std::string(kTableMade) +
                        " WHERE only_row = 1 AND table_made IS NULL");
    auto rows = connection_.query("SELECT COUNT(*) FROM feed_state WHERE table_made <> " +
                                  std::string(kTableMade));
    return rows.next() && rows.integer(1) > 0;
}

std::string EpochRepository::table_made() {
    auto rows = connection_.query("SELECT CAST(" + std::string(kTableMade) + " AS CHAR)");
    return rows.next() && !rows.is_null(1) ? std::string(rows.text(1)) : std::string();
}

std::optional<std::string> EpochRepository::fingerprint(NotificationId id) {
    auto rows = connection_.query(
        "SELECT CONCAT_WS(' ', session_id, kind, seq, created_at) FROM notification WHERE id = ?",
        {id});
    if (!rows.next()) return std::nullopt;
    return rows.text(1);
}

void EpochRepository::adopt_table() {
    connection_.execute("UPDATE feed_state SET table_made = " + std::string(kTableMade) +
                        " WHERE only_row = 1");
}

std::string EpochRepository::renew() { return renew_if(std::nullopt); }

std::string EpochRepository::renew(std::string_view old) { return renew_if(old); }

std::string EpochRepository::renew_if(const std::optional<std::string_view>& old) {
    NotificationRepository notifications(connection_);
    Transaction transaction(connection_);
    connection_.query("SELECT only_row FROM feed_state FOR UPDATE");
    const auto state = notifications.feed_state();
    if (old && state.epoch != *old) return state.epoch;
    const NotificationId first = std::max(state.newest, state.purged_through) + kLeap;
    // A value, not a call: a replica that repeats statements has to get the same.
    auto made = connection_.query("SELECT UUID()");
    const auto epoch = made.next() ? made.text(1) : std::string();
    connection_.execute("DELETE FROM feed_state WHERE only_row >= 0");
    connection_.execute(
        "INSERT INTO feed_state (purged_through, epoch, table_made) VALUES (?, ?, " +
            std::string(kTableMade) + ")",
        {first - 1, std::string_view(epoch)});
    // Of no session, so it reaches no one: it makes the server go on counting from here.
    connection_.execute(
        "INSERT INTO notification (id, session_id, kind, seq, created_at)"
        " VALUES (?, 0, 'opened', 0, UTC_TIMESTAMP(3))",
        {first});
    connection_.execute("DELETE FROM recovery WHERE pid_hash >= ''");
    transaction.commit();
    return epoch;
}

}  // namespace livechat::db
