#include "db/stats_repository.hpp"

namespace livechat::db {

Stats StatsRepository::read() {
    Stats stats;
    auto rows = connection_.query(
        "SELECT CAST(COALESCE(SUM(status = 'active'), 0) AS UNSIGNED),"
        " CAST(COALESCE(SUM(status = 'closed'), 0) AS UNSIGNED),"
        " CAST(COALESCE(SUM(last_seq), 0) AS UNSIGNED),"
        " CAST(COALESCE(SUM(admin_unread), 0) AS UNSIGNED),"
        " CAST(COALESCE(SUM(status = 'active' AND admin_unread > 0), 0) AS UNSIGNED),"
        " CAST(COALESCE(SUM(last_message_at >= UTC_TIMESTAMP(3) - INTERVAL 1 DAY), 0) AS UNSIGNED)"
        " FROM session");
    if (rows.next()) {
        stats.active_sessions = rows.integer(1);
        stats.closed_sessions = rows.integer(2);
        stats.messages = rows.integer(3);
        stats.unread_by_agents = rows.integer(4);
        stats.unanswered_sessions = rows.integer(5);
        stats.sessions_of_last_day = rows.integer(6);
    }
    auto kept = connection_.query("SELECT COALESCE(MAX(id) - MIN(id) + 1, 0) FROM notification");
    if (kept.next()) stats.notifications = kept.integer(1);
    auto state = connection_.query("SELECT epoch FROM feed_state");
    if (state.next()) stats.epoch = state.text(1);
    return stats;
}

}  // namespace livechat::db
