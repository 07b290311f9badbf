#include "chat/recovery_service.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

#include "chat/retry.hpp"
#include "db/session_repository.hpp"

namespace livechat {
namespace {

// Notifications that are read at once.
constexpr std::uint64_t kFirstPiece = 8;
constexpr std::uint64_t kLargestPiece = 128;

std::vector<db::NotificationId> beyond(const std::vector<db::NotificationId>& ids,
                                       db::NotificationId covered) {
    std::vector<db::NotificationId> some;
    std::ranges::copy_if(ids, std::back_inserter(some),
                         [&](db::NotificationId id) { return id > covered; });
    return some;
}

}  // namespace

void RecoveryService::save(std::span<const db::RecoveryRecord> records) {
    with_retry([&] { db::RecoveryRepository(connection_).save(records); });
}

std::vector<db::RecoveryRecord> RecoveryService::take(
    std::span<const std::string_view> pid_hashes) {
    return with_retry([&] {
        db::RecoveryRepository records(connection_);
        db::Transaction transaction(connection_);
        auto taken = records.find(pid_hashes);
        if (taken.empty()) return taken;
        records.remove(taken);
        transaction.commit();
        return taken;
    });
}

std::optional<Missed> RecoveryService::missed(std::span<const db::RecoveryRoom> rooms,
                                              const Standing& standing,
                                              const Standing& feed) {
    return with_retry([&] { return try_missed(rooms, standing, feed); });
}

std::optional<RoomNews> RecoveryService::news_after(std::string_view room,
                                                    db::NotificationId after) {
    constexpr auto kNewest = std::numeric_limits<std::int64_t>::max();  // of a BIGINT
    return with_retry([&]() -> std::optional<RoomNews> {
        db::NotificationRepository notifications(connection_);
        RoomNews news{{}, true};
        const auto ids = db::SessionRepository(connection_).ids_of(std::span(&room, 1));
        if (const auto id = ids.find(std::string(room)); id != ids.end()) {
            news.notifications = notifications.read_room(id->second, after, {}, kNewest, kNewsPage);
            news.complete = news.notifications.size() < kNewsPage;
        }
        if (after < notifications.purged_through()) return std::nullopt;
        return news;
    });
}

std::optional<Missed> RecoveryService::try_missed(std::span<const db::RecoveryRoom> rooms,
                                                  const Standing& standing,
                                                  const Standing& feed) {
    // Each statement has a view of its own. None of them lacks anything that the feed has shown: it
    // was committed before.
    db::NotificationRepository notifications(connection_);
    const auto oldest = standing.holes.empty() ? standing.newest : standing.holes.front() - 1;
    if (oldest < notifications.purged_through()) return std::nullopt;

    std::vector<std::string_view> names;
    for (const auto& room : rooms) names.emplace_back(room.name);
    const auto ids = db::SessionRepository(connection_).ids_of(names);
    Missed missed;
    std::size_t bytes = 0;
    for (const auto& room : rooms) {
        auto& place = missed.rooms.emplace_back(room);
        const auto id = ids.find(room.name);
        if (id == ids.end()) continue;  // joined before it exists
        const auto holes = beyond(standing.holes, room.covered);
        place.covered =
            std::max(room.covered, notifications.last_seen(id->second, standing.newest, holes));
        // In pieces that grow, so that little is read in vain of what turns out to be too much.
        auto limit = kFirstPiece;
        for (Standing at{standing.newest, holes};; limit = std::min(limit * 2, kLargestPiece)) {
            auto piece =
                notifications.read_room(id->second, at.newest, at.holes, feed.newest, limit);
            const bool last = piece.size() < limit;
            if (!last) {
                at = {std::max(at.newest, piece.back().id), beyond(at.holes, piece.back().id)};
            }
            std::erase_if(piece, [&](const db::Notification& one) {
                return std::ranges::binary_search(feed.holes, one.id);
            });
            for (const auto& one : piece) bytes += one.message.text.size();
            std::ranges::move(piece, std::back_inserter(missed.notifications));
            if (missed.notifications.size() > kMaxMissed || bytes > kMaxMissedBytes) {
                return std::nullopt;
            }
            if (last) break;
        }
    }
    std::ranges::sort(missed.notifications, {}, &db::Notification::id);
    return missed;
}

}  // namespace livechat
