#include "chat/recovery_service.hpp"

#include <algorithm>
#include <iterator>

#include "chat/retry.hpp"
#include "db/session_repository.hpp"

namespace livechat {
namespace {

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
    // Each statement has a view of its own. None of them lacks anything that the feed has shown: it
    // was committed before.
    db::NotificationRepository notifications(connection_);
    const auto oldest = standing.holes.empty() ? standing.newest : standing.holes.front() - 1;
    if (oldest < notifications.purged_through()) return std::nullopt;

    std::vector<std::string_view> names;
    for (const auto& room : rooms) names.emplace_back(room.name);
    const auto ids = db::SessionRepository(connection_).ids_of(names);
    Missed missed;
    for (const auto& room : rooms) {
        auto& place = missed.rooms.emplace_back(room);
        const auto id = ids.find(room.name);
        if (id == ids.end()) continue;  // joined before it exists
        const auto holes = beyond(standing.holes, room.covered);
        place.covered =
            std::max(room.covered, notifications.last_seen(id->second, standing.newest, holes));
        const auto count = missed.notifications.size();
        auto more = notifications.read_room(id->second, standing.newest, holes, feed.newest,
                                            kMaxMissed - count + 1);
        if (count + more.size() > kMaxMissed) return std::nullopt;
        std::erase_if(more, [&](const db::Notification& one) {
            return std::ranges::binary_search(feed.holes, one.id);
        });
        std::ranges::move(more, std::back_inserter(missed.notifications));
    }
    std::ranges::sort(missed.notifications, {}, &db::Notification::id);
    return missed;
}

}  // namespace livechat
