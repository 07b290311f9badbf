// The part of the Gateway for those who want to know more than what is said in their rooms
// (docs/protocol.md, "Presence"): consoles, which watch all sessions and who comes, goes and types,
// and visitors, who want to know whether an agent is there.
#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "gateway/chat_socket.hpp"
#include "gateway/gateway.hpp"

namespace livechat::gateway {
namespace {

constexpr std::string_view kPresenceRoom = "\x01presence";  // no clientIds, as hub::kWatchersRoom
constexpr std::string_view kTypingRoom = "\x01typing";
// Names in one event; what may wait for a console to read it before the next one, and how often
// that is looked at.
constexpr std::size_t kNamesInOneEvent = 500;
constexpr std::size_t kWindow = 256 * 1024;
constexpr std::chrono::milliseconds kPause{20};

void append_names(std::string& data,
                  std::string_view name,
                  std::vector<std::string>::const_iterator first,
                  std::vector<std::string>::const_iterator last) {
    data += '"';
    data += name;
    data += "\":[";
    for (auto room = first; room != last; ++room) {
        if (room != first) data += ',';
        append_json_string(data, *room);
    }
    data += ']';
}

hub::SharedBroadcast visitor_presence(std::string data) {
    return std::make_shared<hub::Broadcast>("visitor-presence", std::move(data));
}

hub::SharedBroadcast session_typing(const TypingPayload& payload) {
    return std::make_shared<hub::Broadcast>("session-typing", typing_data(payload));
}

void enter(hub::Hub& hub, std::string_view room, app::Socket& socket, bool wanted) {
    if (!wanted) return hub.leave(room, socket);
    hub.enter(room, socket);
    hub.go_live(room, socket, 0);
}

}  // namespace

void Gateway::watch_sessions(app::Socket& socket, app::Event& event) {
    if (!permitted(socket, event, {Operation::watch_sessions})) return;
    const auto reply = reply_to(socket, event);
    const auto payload = read_watch(event.args);
    if (!payload) return refuse(reply, payload.error());
    auto& state = ChatSocket::of(socket);
    if (!std::exchange(state.watching, true)) {
        for (const auto& membership : state.rooms) discount_visitor(socket, membership.room);
        presence_.watcher_came();
        if (++watchers_ == 1) backend_.set_watched(true);
        enter(hub_, hub::kWatchersRoom, socket, true);
    }
    // A visitor cannot talk to a bot that watches.
    const auto& principal = state.peer.principal;
    const bool there = !payload->away && (principal.agent() != nullptr || !principal.is_staff());
    if (std::exchange(state.counts_as_agent, there) != there) {
        if (there) {
            presence_.agent_came();
        } else {
            presence_.agent_left(surroundings_.now());
        }
    }
    enter(hub_, kTypingRoom, socket, payload->typing);
    enter(hub_, kPresenceRoom, socket, payload->presence);
    answer(reply, ok());
    if (payload->typing) {
        for (const auto& typist : watched_typing_.typing(surroundings_.now())) {
            socket.deliver(session_typing(typist));
        }
    }
    if (!payload->presence) return;
    socket.deliver(visitor_presence(R"({"reset":true,"online":[],"offline":[]})"));
    show_online(reply.socket.lock(), presence_.online());
}

void Gateway::stop_watching(app::Socket& socket) {
    auto& state = ChatSocket::of(socket);
    if (const auto place = std::exchange(state.presence_place, std::nullopt)) {
        auto* last = presence_watchers_.back();
        presence_watchers_[*place] = last;
        if (last != &socket) ChatSocket::of(*last).presence_place = place;
        presence_watchers_.pop_back();
    }
    if (!std::exchange(state.watching, false)) return;
    for (const auto room : {hub::kWatchersRoom, kTypingRoom, kPresenceRoom}) {
        hub_.leave(room, socket);
    }
    if (std::exchange(state.counts_as_agent, false)) presence_.agent_left(surroundings_.now());
    presence_.watcher_left();
    if (--watchers_ == 0) backend_.set_watched(false);
}

// Shows the rooms in events of bounded size, no faster than the console reads them.
void Gateway::show_online(const std::shared_ptr<app::Socket>& socket,
                          std::vector<std::string> rooms) {
    if (!socket || !socket->connected()) return;
    while (!rooms.empty() && socket->queued() <= kWindow) {
        std::vector<std::string> part;
        while (!rooms.empty() && part.size() < kNamesInOneEvent) {
            // Who has gone meanwhile was reported so.
            if (presence_.is_online(rooms.back())) part.push_back(std::move(rooms.back()));
            rooms.pop_back();
        }
        std::string data = "{";
        append_names(data, "online", part.begin(), part.end());
        data += R"(,"offline":[]})";
        socket->deliver(visitor_presence(std::move(data)));
    }
    if (rooms.empty()) return;
    const std::weak_ptr<app::Socket> weak = socket;
    surroundings_.later(kPause, [this, weak, rest = std::move(rooms)]() mutable {
        show_online(weak.lock(), std::move(rest));
    });
}

void Gateway::watch_presence(app::Socket& socket, app::Event& event) {
    auto& state = ChatSocket::of(socket);
    if (!state.presence_place) {
        state.presence_place = presence_watchers_.size();
        presence_watchers_.push_back(&socket);
    }
    auto args = ok();
    args[0]["agents"] = presence_.any_agent(surroundings_.now());
    answer(reply_to(socket, event), args);
}

void Gateway::tell_of_agents(bool agents) {
    const auto event = std::make_shared<hub::Broadcast>(
        "presence", agents ? R"({"agents":true})" : R"({"agents":false})");
    for (auto* socket : presence_watchers_) socket->deliver(event);
}

void Gateway::hear_presence(PresenceNews news) {
    presence_.hear(std::move(news), surroundings_.now());
}

void Gateway::tick_presence() {
    const auto changes = presence_.tick(surroundings_.now());
    for (const auto& news : changes.news) surroundings_.relay_presence(news);
    if (changes.agents) tell_of_agents(*changes.agents);
    const auto& online = changes.online;
    const auto& offline = changes.offline;
    const auto most = std::max(online.size(), offline.size());
    for (std::size_t first = 0; first < most; first += kNamesInOneEvent) {
        const auto part = [&](const std::vector<std::string>& rooms, std::size_t at) {
            return rooms.begin() + static_cast<std::ptrdiff_t>(std::min(at, rooms.size()));
        };
        const auto last = first + kNamesInOneEvent;
        std::string data = "{";
        append_names(data, "online", part(online, first), part(online, last));
        data += ',';
        append_names(data, "offline", part(offline, first), part(offline, last));
        data += '}';
        hub_.pass(kPresenceRoom, visitor_presence(std::move(data)), nullptr);
    }
}

void Gateway::tell_watchers_of_typing(const TypingPayload& payload, const app::Socket* except) {
    if (!watched_typing_.tells(payload, surroundings_.now()) || !hub_.has(kTypingRoom)) return;
    hub_.pass_by(kTypingRoom, session_typing(payload), except);
}

void Gateway::count_visitor(app::Socket& socket, std::string_view room) {
    auto& state = ChatSocket::of(socket);
    const auto membership = state.find(room);
    if (membership == state.rooms.end()) return;
    if (state.watching || state.peer.principal.is_staff()) return;
    if (!std::exchange(membership->counted, true)) presence_.visitor_came(room);
}

void Gateway::discount_visitor(app::Socket& socket, std::string_view room) {
    auto& state = ChatSocket::of(socket);
    const auto membership = state.find(room);
    if (membership == state.rooms.end() || !std::exchange(membership->counted, false)) return;
    if (state.watching) {
        presence_.visitor_was_none(room, surroundings_.now());
    } else {
        presence_.visitor_left(room, surroundings_.now());
    }
}

}  // namespace livechat::gateway
