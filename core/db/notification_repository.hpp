// SQL of the notifications that the feed reads (sql/migrations, table notification). Throws
// db::Error.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "db/session_repository.hpp"
#include "domain/types.hpp"

namespace livechat::db {

using NotificationId = std::uint64_t;

enum class NotificationKind : std::uint8_t {
#define LIVECHAT_NOTIFICATION(kind, event, payload) kind,
#include "domain/notifications.def"
#undef LIVECHAT_NOTIFICATION
};

// The word that stands for it in the table.
std::string_view to_string(NotificationKind kind);

struct Notification {
    NotificationId id = 0;
    // None: it is for no one. Its kind is a word of a newer version, or what it tells of is gone.
    std::optional<NotificationKind> kind;
    SessionId session_id = 0;
    std::string client_id;
    Seq seq = 0;
    Message message;           // of kind message
    std::uint64_t age_us = 0;  // when it was read, by the database's clock
};

// What can be said of an id that cannot be read.
enum class Presence : std::uint8_t {
    unknown,      // it can be read by now, or the server cannot tell
    uncommitted,  // an open transaction has written it
    absent,       // not written, and the transaction that it was given to is over
};

class NotificationRepository {
  public:
    explicit NotificationRepository(Connection& connection) : connection_(connection) {}

    // The first `limit` beyond `after` and, read in the same moment, those of `holes` that are
    // there by now; all in the order of ids.
    std::vector<Notification> read(NotificationId after,
                                   std::uint64_t limit,
                                   std::span<const NotificationId> holes);

    // Those of `ids` that are there, in order; at least one is asked for.
    std::vector<Notification> read_some(std::span<const NotificationId> ids);

    // Of one room, up to `last`: the first `limit` that a client lacks that has everything up to
    // `after` but the holes; in the order of ids.
    std::vector<Notification> read_room(SessionId session_id,
                                        NotificationId after,
                                        std::span<const NotificationId> holes,
                                        NotificationId last,
                                        std::uint64_t limit);
    // The newest that the same client has of that room; 0: none.
    NotificationId last_seen(SessionId session_id,
                             NotificationId after,
                             std::span<const NotificationId> holes);

    // For an id that has been missing for seconds: the moment between getting an id and writing its
    // row is long over. Never waits.
    Presence probe(NotificationId id);

    // 0 while there is none.
    NotificationId newest();
    // The ids from `first` to `last` that can be seen, in order.
    std::vector<NotificationId> ids(NotificationId first, NotificationId last);
    struct Stretch {
        std::uint64_t count = 0;  // that can be seen
        bool young = false;       // one of them is not older than asked for
    };
    // Of the ids from `first` to `last`.
    Stretch stretch(NotificationId first, NotificationId last, std::uint64_t seconds);

    // Notifications up to this id may have been removed.
    NotificationId purged_through();

    // What tells a feed whether it can go on from where it stood; all of one moment.
    struct FeedState {
        NotificationId purged_through = 0;
        NotificationId newest = 0;
        std::string epoch;        // another one: an older state of the database was put back
        NotificationId step = 1;  // between ids, as the server says; its writers may have another
    };
    FeedState feed_state();

    // Removes the oldest, at most `limit`, if they are older than `hours`; the newest one always
    // stays, because a server may forget AUTO_INCREMENT of an empty table. Returns how many.
    std::uint64_t purge(std::uint64_t hours, std::uint64_t limit);

  private:
    Connection& connection_;
};

}  // namespace livechat::db
