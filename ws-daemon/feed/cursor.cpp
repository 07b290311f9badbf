#include "feed/cursor.hpp"

#include <algorithm>

namespace livechat::feed {

std::vector<Id> Cursor::due(Time now) {
    std::vector<Id> ids;
    for (auto& [id, hole] : holes_) {
        if (hole.next > now) continue;
        ids.push_back(id);
        hole.next = now + std::min<Time::duration>((now - hole.since) / 8, kSlowest);
        if (ids.size() == kMaxAsked) break;
    }
    return ids;
}

bool Cursor::see(Id id, Time now) {
    if (id <= newest_) return holes_.erase(id) > 0;
    Id missing = newest_ + 1;
    if (id - missing > kMaxHoles) {
        given_up_ += id - missing - kMaxHoles;
        missing = id - kMaxHoles;
    }
    for (; missing < id; ++missing) holes_.emplace_hint(holes_.end(), missing, Hole{now, now});
    newest_ = id;
    while (holes_.size() > kMaxHoles) {
        holes_.erase(holes_.begin());
        ++given_up_;
    }
    return true;
}

std::vector<Id> Cursor::open_holes() const {
    std::vector<Id> ids;
    ids.reserve(holes_.size());
    for (const auto& [id, hole] : holes_) ids.push_back(id);
    return ids;
}

void Cursor::give_up_old(Time now) {
    given_up_ += std::erase_if(
        holes_, [&](const auto& entry) { return now - entry.second.since >= hole_timeout_; });
}

}  // namespace livechat::feed
