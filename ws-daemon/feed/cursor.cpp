#include "feed/cursor.hpp"

#include <algorithm>

namespace livechat::feed {

std::vector<Id> Cursor::due(Time now) {
    std::vector<Id> ids;
    const auto ask = [&](auto place, auto end) {
        for (; place != end && ids.size() < kMaxAsked; ++place) {
            auto& [id, hole] = *place;
            if (hole.next > now) continue;
            ids.push_back(id);
            hole.next = now + std::min<Time::duration>((now - hole.since) / 8, kSlowest);
        }
    };
    // Goes on where the last look ended, so that of more than kMaxAsked holes each has its turn.
    const auto start = holes_.upper_bound(last_asked_);
    ask(start, holes_.end());
    ask(holes_.begin(), start);
    if (!ids.empty()) last_asked_ = ids.back();
    std::ranges::sort(ids);
    return ids;
}

void Cursor::set_step(Id step) {
    if (step == step_) return;
    step_ = std::max<Id>(step, 1);
    alike_ = 0;
}

void Cursor::learn(Id id) {
    if (step_ == 1) return;
    const bool was_settled = settled();
    alike_ = id % step_ == remainder_ ? alike_ + 1 : 1;
    remainder_ = id % step_;
    if (was_settled || !settled()) return;
    ruled_out_after_ = std::max(newest_, id);
    // What was missing before stays a hole until it is known whose it is, which is asked at once.
    for (auto& [hole_id, hole] : holes_) {
        if (!may_come(hole_id)) hole.probe = Time::min();
    }
}

bool Cursor::see(Id id, Time now) {
    learn(id);
    if (id <= newest_) return holes_.erase(id) > 0;
    Id missing = newest_ + 1;
    if (id - missing > kMaxHoles) {
        given_up_ += id - missing - kMaxHoles;
        missing = id - kMaxHoles;
    }
    for (; missing < id; ++missing) {
        if (!may_come(missing)) continue;
        holes_.emplace_hint(holes_.end(), missing, Hole{now, now, now + kProbeEvery, now});
    }
    newest_ = id;
    while (holes_.size() > kMaxHoles) {
        holes_.erase(holes_.begin());
        ++given_up_;
    }
    return true;
}

void Cursor::expect(Id id, Time now) {
    if (id >= newest_ || holes_.size() >= kMaxHoles) return;
    holes_.emplace(id, Hole{now, now, now + kProbeEvery, now});
}

std::vector<std::vector<Id>> Cursor::all_in_parts() const {
    std::vector<std::vector<Id>> parts;
    for (auto hole = holes_.rbegin(); hole != holes_.rend(); ++hole) {
        if (parts.empty() || parts.back().size() == kMaxAsked) parts.emplace_back();
        parts.back().push_back(hole->first);
    }
    for (auto& part : parts) std::ranges::reverse(part);
    return parts;
}

std::vector<Id> Cursor::open_holes(std::size_t most) const {
    std::vector<Id> ids;
    ids.reserve(std::min(most, holes_.size()));
    for (auto hole = holes_.begin(); hole != holes_.end() && ids.size() < most; ++hole) {
        ids.push_back(hole->first);
    }
    return ids;
}

void Cursor::give_up_old(Time now) {
    given_up_ += std::erase_if(
        holes_, [&](const auto& entry) { return now - entry.second.alive >= hole_timeout_; });
}

std::vector<Id> Cursor::to_probe(Time now) {
    std::vector<Id> ids;
    for (auto& [id, hole] : holes_) {
        if (ids.size() == kMaxProbed) break;
        if (hole.probe > now) continue;
        hole.probe = now + kProbeEvery;
        ids.push_back(id);
    }
    return ids;
}

void Cursor::keep(Id id, Time now) {
    const auto place = holes_.find(id);
    if (place != holes_.end()) place->second.alive = now;
}

}  // namespace livechat::feed
