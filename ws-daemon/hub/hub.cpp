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

void Hub::enter(std::string_view room, Sink& sink) {
    auto place = rooms_.find(room);
    if (place == rooms_.end()) place = rooms_.emplace(std::string(room), Room{}).first;
    remove_sink(place->second.live, sink);
    remove_sink(place->second.catching_up, sink);
    place->second.catching_up.push_back({&sink, false, {}});
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
    place->second.live.push_back({&sink, covered});
    for (const auto& [position, broadcast] : held) {
        if (position <= covered) continue;
        sink.deliver(broadcast);
        ++deliveries_;
    }
    return true;
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
    for (const auto& [sink, covered] : place->second.live) {
        if (position <= covered) continue;
        sink->deliver(broadcast);
        ++deliveries_;
    }
    for (auto& member : place->second.catching_up) {
        if (member.overflowed) continue;
        member.held.push_back({position, broadcast});
        if (member.held.size() > kMaxHeld) {
            member.overflowed = true;
            member.held = {};
        }
    }
}

void Hub::pass(std::string_view room, const SharedBroadcast& broadcast, const Sink* except) {
    const auto place = rooms_.find(room);
    if (place == rooms_.end()) return;
    for (const auto& member : place->second.live) {
        if (member.sink == except) continue;
        member.sink->deliver(broadcast);
        ++deliveries_;
    }
}

}  // namespace livechat::hub
