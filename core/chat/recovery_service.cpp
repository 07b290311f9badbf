#include "chat/recovery_service.hpp"

#include <algorithm>

#include "chat/retry.hpp"
#include "db/session_repository.hpp"

namespace livechat {

void RecoveryService::save(std::span<const db::RecoveryRecord> records) {
    with_retry([&] { db::RecoveryRepository(connection_).save(records); });
}

std::optional<db::RecoveryRecord> RecoveryService::take(std::string_view pid_hash) {
    return with_retry([&] { return db::RecoveryRepository(connection_).take(pid_hash); });
}

std::optional<Missed> RecoveryService::missed(std::span<const std::string> rooms,
                                              const Standing& standing,
                                              db::NotificationId last) {
    db::NotificationRepository notifications(connection_);
    const auto oldest = standing.holes.empty() ? standing.newest : standing.holes.front() - 1;
    if (oldest < notifications.purged_through()) return std::nullopt;

    const std::vector<std::string_view> names(rooms.begin(), rooms.end());
    const auto ids = db::SessionRepository(connection_).ids_of(names);
    Missed missed;
    for (const auto& room : rooms) {
        auto& place = missed.rooms.emplace_back(MissedInRoom{room, 0});
        const auto id = ids.find(room);
        if (id == ids.end()) continue;  // joined before it exists
        place.covered = notifications.last_seen(id->second, standing.newest, standing.holes);
        const auto count = missed.notifications.size();
        auto more = notifications.read_room(id->second, standing.newest, standing.holes, last,
                                            kMaxMissed - count + 1);
        if (!more.empty()) place.covered = std::max(place.covered, more.back().id);
        std::ranges::move(more, std::back_inserter(missed.notifications));
        if (missed.notifications.size() > kMaxMissed) return std::nullopt;
    }
    std::ranges::sort(missed.notifications, {}, &db::Notification::id);
    return missed;
}

}  // namespace livechat
