// SQL of the database's epoch (table feed_state): its life from one restored backup to the next,
// within which the numbers that clients have seen mean the same. Throws db::Error.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "db/connection.hpp"
#include "db/notification_repository.hpp"

namespace livechat::db {

class EpochRepository {
  public:
    explicit EpochRepository(Connection& connection) : connection_(connection) {}

    // Whether the row of feed_state came with a backup: its table was made at another time than the
    // row says. A server that was never asked notes the time. Also true once after the table was
    // rebuilt (OPTIMIZE, ALTER), which is taken for a restore.
    bool came_with_backup();

    // The server's time of the making of feed_state; another one: the tables were created again.
    std::string table_made();

    // The table is not that of a backup, though the server says that it was made at another time.
    void adopt_table();

    // What a notification says, as one text; none if it is not there. Two of the same id in two
    // lives of a database differ.
    std::optional<std::string> fingerprint(NotificationId id);

    // A new epoch. Ids begin again far above all that may have been given out before, and count as
    // removed up to there: no position from before means anything any more. Also removes what
    // broken connections have left behind. Returns the epoch.
    std::string renew();
    // The same, unless another process has renewed `old` already.
    std::string renew(std::string_view old);

  private:
    std::string renew_if(const std::optional<std::string_view>& old);

    Connection& connection_;
};

}  // namespace livechat::db
