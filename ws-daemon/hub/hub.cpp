#include "hub/hub.hpp"

#include <algorithm>
#include <utility>

namespace livechat::hub {
namespace {

template <class Members>
auto find_sink(Members& members, const Sink& sink) {
    return std::ranges::find_if(members, [&](const auto& member) { return member.sink == &sink; });
}

// The order within a list of members means nothing.
template <class Members>
void remove_sink(Members& members, const Sink& sink) {
    const auto member = find_sink(members, sink);
    if (member == members.end()) return;
    if (&*member != &members.back()) *member = std::move(members.back());
    members.pop_back();
}

}  // namespace

void Hub::Kept::put(const SharedBroadcast& broadcast) {
    auto& place = by_key[broadcast->key()];
    if (place) bytes -= place->data().size();
    place = broadcast;
    bytes += broadcast->data().size();
}

SharedBroadcast Hub::Kept::take() {
    const auto broadcast = std::move(by_key.extract(by_key.begin()).mapped());
    bytes -= broadcast->data().size();
    return broadcast;
}

void Hub::enter(std::string_view room, Sink& sink) {
    auto place = rooms_.find(room);
    if (place == rooms_.end()) place = rooms_.emplace(std::string(room), Room{}).first;
    remove_sink(place->second.live, sink);
    remove_sink(place->second.catching_up, sink);
    place->second.catching_up.push_back({&sink, false, 0, {}});
}

bool Hub::go_live(std::string_view room, Sink& sink, Position covered) {
    const auto place = rooms_.find(room);
    if (place == rooms_.end()) return false;
    const auto member = find_sink(place->second.catching_up, sink);
    if (member == place->second.catching_up.end()) return false;
    if (member->overflowed) {
        member->overflowed = false;
        return false;
    }
    const auto held = std::move(member->held);
    remove_sink(place->second.catching_up, sink);
    place->second.live.push_back({&sink, covered, {}});
    for (const auto& [position, broadcast] : held) {
        if (position <= covered) continue;
        sink.deliver(broadcast);
        ++deliveries_;
    }
    return true;
}

void Hub::hold_nothing(std::string_view room, const Sink& sink) {
    const auto place = rooms_.find(room);
    if (place == rooms_.end()) return;
    const auto member = find_sink(place->second.catching_up, sink);
    if (member != place->second.catching_up.end()) member->overflow();
}

void Hub::leave(std::string_view room, const Sink& sink) {
    const auto place = rooms_.find(room);
    if (place == rooms_.end()) return;
    remove_sink(place->second.live, sink);
    remove_sink(place->second.catching_up, sink);
    if (place->second.live.empty() && place->second.catching_up.empty()) rooms_.erase(place);
}

void Hub::publish(std::string_view room, Position position, const SharedBroadcast& broadcast) {
    const auto place = rooms_.find(room);
    if (place == rooms_.end()) return;
    auto& [live, catching_up] = place->second;
    const auto already_catching_up = catching_up.size();
    for (std::size_t i = 0; i < live.size();) {
        if (position <= live[i].covered || deliver_now(room, live[i], position, broadcast)) {
            ++i;
            continue;
        }
        Sink& sink = *live[i].sink;
        catching_up.push_back({&sink, true, 0, {}});
        remove_sink(live, sink);
        fell_behind_(room, sink, position);
    }
    for (std::size_t i = 0; i < already_catching_up; ++i) {
        auto& member = catching_up[i];
        if (member.overflowed) continue;
        member.held.push_back({position, broadcast});
        member.bytes += broadcast->data().size();
        if (member.held.size() > kMaxHeld || member.bytes > kMaxHeldBytes) member.overflow();
    }
}

// False: the member has to catch up from here on.
bool Hub::deliver_now(std::string_view room,
                      Live& member,
                      Position position,
                      const SharedBroadcast& broadcast) {
    const bool on_time = member.kept == nullptr;
    const bool too_late = !on_time && member.kept->is_full();
    if (too_late || (on_time && member.sink->has_room())) {
        member.sink->deliver(broadcast);
        ++deliveries_;
        return true;
    }
    if (broadcast->key().empty()) return false;
    if (on_time) {
        member.kept = std::make_unique<Kept>();
        fell_behind_(room, *member.sink, position);
    }
    member.kept->put(broadcast);
    return true;
}

bool Hub::deliver_kept(std::string_view room, Sink& sink) {
    const auto place = rooms_.find(room);
    if (place == rooms_.end()) return true;
    const auto member = find_sink(place->second.live, sink);
    if (member == place->second.live.end() || !member->kept) return true;
    auto& kept = *member->kept;
    while (!kept.by_key.empty() && sink.has_room()) {
        sink.deliver(kept.take());
        ++deliveries_;
    }
    if (!kept.by_key.empty()) return false;
    member->kept.reset();
    return true;
}

template <class Wanted>
void Hub::pass_to(std::string_view room, const SharedBroadcast& broadcast, Wanted wanted) {
    const auto place = rooms_.find(room);
    if (place == rooms_.end()) return;
    for (const auto& member : place->second.live) {
        if (!wanted(*member.sink)) continue;
        member.sink->deliver(broadcast);
        ++deliveries_;
    }
}

void Hub::pass(std::string_view room, const SharedBroadcast& broadcast, const Sink* except) {
    pass_to(room, broadcast, [except](const Sink& sink) { return &sink != except; });
}

void Hub::pass_by(std::string_view room, const SharedBroadcast& broadcast, const Sink* except) {
    pass_to(room, broadcast,
            [except](const Sink& sink) { return &sink != except && sink.has_room(); });
}

}  // namespace livechat::hub
