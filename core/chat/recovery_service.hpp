// Use cases of connection state recovery: what a broken connection leaves behind, and what a client
// that comes back has missed (docs/protocol.md, "Recovery").
//
// Throws db::Error as ChatService does. No state of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "db/notification_repository.hpp"
#include "db/recovery_repository.hpp"

namespace livechat {

// Where a client stands: it has everything of its rooms up to `newest` but, perhaps, the holes.
struct Standing {
    db::NotificationId newest = 0;
    std::vector<db::NotificationId> holes;
};

struct Missed {
    std::vector<db::RecoveryRoom> rooms;          // covered: with what the client has for sure
    std::vector<db::Notification> notifications;  // of all rooms, in the order of ids
};

// What happened in a room, in the order of ids.
struct RoomNews {
    std::vector<db::Notification> notifications;
    bool complete = false;  // there is no more
};

class RecoveryService {
  public:
    static constexpr std::size_t kNewsPage = 8;  // notifications
    // A client that missed more than this is better off with a new connection.
    static constexpr std::size_t kMaxMissed = 5000;
    static constexpr std::size_t kMaxMissedBytes = 512 * 1024;  // of texts

    explicit RecoveryService(db::Connection& connection) : connection_(connection) {}

    void save(std::span<const db::RecoveryRecord> records);

    // Those of the records that are there, in any order. They are then gone: of several who ask for
    // one, one gets it.
    std::vector<db::RecoveryRecord> take(std::span<const std::string_view> pid_hashes);

    // Notifications of the rooms that the feed has shown when it stands at `feed`, and that
    // a client at `standing` lacks. None if they cannot be told any more (too many, too long, or
    // too old to be kept). What the feed still waits for is left to it, also if it can be read by
    // now.
    std::optional<Missed> missed(std::span<const db::RecoveryRoom> rooms,
                                 const Standing& standing,
                                 const Standing& feed);

    // The first kNewsPage notifications of the room beyond `after`. None if some of them may have
    // been removed.
    std::optional<RoomNews> news_after(std::string_view room, db::NotificationId after);

  private:
    std::optional<Missed> try_missed(std::span<const db::RecoveryRoom> rooms,
                                     const Standing& standing,
                                     const Standing& feed);

    db::Connection& connection_;
};

}  // namespace livechat
