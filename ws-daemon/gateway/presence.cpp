#include "gateway/presence.hpp"

#include <algorithm>

namespace livechat::gateway {
namespace {

// A change that is taken back before it was told does not count.
template <class Changes>
void toggle(Changes& changes, std::string_view room, bool online) {
    const auto place = changes.find(room);
    if (place == changes.end()) {
        changes.emplace(std::string(room), online);
    } else if (place->second != online) {
        changes.erase(place);
    }
}

}  // namespace

void Presence::visitor_came(std::string_view room) {
    auto place = own_.find(room);
    if (place == own_.end()) {
        const bool was = is_online(room);
        place = own_.emplace(std::string(room), Own{}).first;
        note(room, was);
        if (peers_watch()) toggle(own_changes_, room, true);
    }
    ++place->second.sockets;
}

void Presence::visitor_left(std::string_view room, Time now) {
    const auto place = own_.find(room);
    if (place == own_.end() || place->second.sockets == 0 || --place->second.sockets > 0) return;
    place->second.left_at = now;
    leaving_.emplace_back(now, room);
}

void Presence::visitor_was_none(std::string_view room, Time now) {
    visitor_left(room, now);
    const auto place = own_.find(room);
    if (place != own_.end() && place->second.sockets == 0) remove_own(room);
}

void Presence::remove_own(std::string_view room) {
    const std::string name(room);
    own_.erase(name);
    note(name, true);
    if (peers_watch()) toggle(own_changes_, name, false);
}

void Presence::agent_left(Time now) {
    if (agents_ == 0 || --agents_ > 0) return;
    agent_left_at_ = now;
}

void Presence::watcher_left() {
    if (watchers_ == 0 || --watchers_ > 0) return;
    shown_changes_.clear();
    for (auto& [name, peer] : peers_) forget_rooms(peer);
}

void Presence::hear(PresenceNews news, Time now) {
    auto place = peers_.find(news.daemon);
    if (place == peers_.end()) {
        if (peers_.size() >= kMaxPeers) return;
        place = peers_.emplace(news.daemon, Peer{}).first;
    }
    auto& peer = place->second;
    const bool watched_before = std::exchange(peer.watched, news.watched);
    peer.heard = now;
    peer.agents = news.agents;
    // It knows nothing of our rooms yet.
    if (news.watched && !watched_before) round_at_ = {};
    if (watchers_ == 0) return;
    for (const auto& room : news.online) take_in(peer, room, news.round);
    for (const auto& room : news.offline) strike_out(peer, room);
    if (std::exchange(peer.round, news.round) == news.round) return;
    // A room that was not told in two rounds has gone, and the news of that was lost.
    std::vector<std::string> gone;
    for (const auto& [room, round] : peer.rooms) {
        if (round + 2 < news.round || round > news.round) gone.push_back(room);
    }
    for (const auto& room : gone) strike_out(peer, room);
}

void Presence::take_in(Peer& peer, std::string_view room, std::uint64_t round) {
    const auto place = peer.rooms.find(room);
    if (place != peer.rooms.end()) {
        place->second = round;
        return;
    }
    if (peer.rooms.size() >= kMaxPeerRooms) return;
    const bool was = is_online(room);
    peer.rooms.emplace(std::string(room), round);
    note(room, was);
}

void Presence::strike_out(Peer& peer, std::string_view room) {
    const auto place = peer.rooms.find(room);
    if (place == peer.rooms.end()) return;
    peer.rooms.erase(place);
    note(room, true);
}

void Presence::forget_rooms(Peer& peer) {
    const auto rooms = std::exchange(peer.rooms, {});
    for (const auto& [room, round] : rooms) note(room, true);
}

// The room's state may have changed from what it was.
void Presence::note(std::string_view room, bool was_online) {
    if (watchers_ == 0) return;
    const bool online = is_online(room);
    if (online != was_online) toggle(shown_changes_, room, online);
}

Presence::Changes Presence::tick(Time now) {
    expire(now);
    Changes changes;
    for (auto& [room, online] : shown_changes_) {
        (online ? changes.online : changes.offline).push_back(room);
    }
    shown_changes_.clear();
    if (const bool agents = any_agent(now); std::exchange(agents_shown_, agents) != agents) {
        changes.agents = agents;
    }
    tell(changes, now);
    return changes;
}

void Presence::expire(Time now) {
    while (!leaving_.empty() && now - leaving_.front().first >= kVisitorGrace) {
        const auto [left_at, room] = std::move(leaving_.front());
        leaving_.pop_front();
        const auto place = own_.find(room);
        const bool gone =
            place != own_.end() && place->second.sockets == 0 && place->second.left_at == left_at;
        if (gone) remove_own(room);
    }
    for (auto peer = peers_.begin(); peer != peers_.end();) {
        if (now - peer->second.heard < kPatience) {
            ++peer;
            continue;
        }
        forget_rooms(peer->second);
        peer = peers_.erase(peer);
    }
}

// The heartbeat, what has changed, and a part of all that there is to tell.
void Presence::tell(Changes& changes, Time now) {
    if (!peers_watch()) {
        own_changes_.clear();
        to_tell_.clear();
    } else if (round_at_ == Time{} || now - round_at_ >= kRound) {
        round_at_ = now;
        ++round_;
        to_tell_.clear();
        for (const auto& [room, own] : own_) to_tell_.push_back(room);
    }

    auto news = empty_news(now);
    const bool due = !told_ || now - told_at_ >= kHeartbeat || told_->agents != news.agents ||
                     told_->watched != news.watched;
    if (due) {
        told_ = news;
        told_at_ = now;
    }
    std::size_t bytes = 0;
    std::size_t pieces = 0;
    const auto add = [&](std::vector<std::string> PresenceNews::*list, std::string room) {
        bytes += room.size() + 3;
        (news.*list).push_back(std::move(room));
        if (bytes < kNewsBytes) return;
        changes.news.push_back(std::exchange(news, empty_news(now)));
        bytes = 0;
        ++pieces;
    };
    for (const auto& [room, online] : own_changes_) {
        add(online ? &PresenceNews::online : &PresenceNews::offline, room);
    }
    own_changes_.clear();
    while (!to_tell_.empty() && pieces < kNewsInARow) {
        if (own_.contains(to_tell_.back())) add(&PresenceNews::online, std::move(to_tell_.back()));
        to_tell_.pop_back();
    }
    if (bytes > 0 || (due && changes.news.empty())) changes.news.push_back(std::move(news));
}

PresenceNews Presence::empty_news(Time now) const {
    const bool own_agent = agents_ > 0 || (agent_left_at_ && now - *agent_left_at_ < kAgentGrace);
    return {{}, own_agent, watchers_ > 0, round_, {}, {}};
}

bool Presence::peers_watch() const {
    return std::ranges::any_of(peers_, [](const auto& peer) { return peer.second.watched; });
}

bool Presence::any_agent(Time now) const {
    return empty_news(now).agents ||
           std::ranges::any_of(peers_, [](const auto& peer) { return peer.second.agents; });
}

bool Presence::is_online(std::string_view room) const {
    return own_.contains(room) || std::ranges::any_of(peers_, [&](const auto& peer) {
               return peer.second.rooms.contains(room);
           });
}

std::vector<std::string> Presence::online() const {
    std::vector<std::string> rooms;
    for (const auto& [room, own] : own_) rooms.push_back(room);
    for (const auto& [name, peer] : peers_) {
        for (const auto& [room, round] : peer.rooms) rooms.push_back(room);
    }
    std::ranges::sort(rooms);
    rooms.erase(std::unique(rooms.begin(), rooms.end()), rooms.end());
    return rooms;
}

}  // namespace livechat::gateway
