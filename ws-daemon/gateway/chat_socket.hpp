// What the gateway keeps for a socket: who it is, its rooms, and what it may be recovered from.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/gateway.hpp"
#include "gateway/rate.hpp"

namespace livechat::gateway {

struct Gateway::ChatSocket : app::SocketState {
    static constexpr std::size_t kLooksPerSecond = 5;

    struct HeldSend {
        NewMessage message;
        Reply reply;
    };
    // A room of which it has everything up to a notification, and not what came then: its peer read
    // too slowly.
    struct Behind {
        std::string room;
        std::uint64_t number;  // of its membership
        hub::Position has;
    };
    struct Membership {
        std::string room;
        std::uint64_t number;
        bool live = false;                 // it gets what is published, as it is published
        hub::Position covered = 0;         // see db::RecoveryRoom
        bool counted = false;              // as its visitor's
        bool viewed = true;                // false: its join has not seen the room yet …
        std::vector<HeldSend> sends = {};  // … and what the socket said since waits here
    };

    ChatSocket(std::size_t typing_per_second, const app::Handshake& handshake)
        : typing(typing_per_second) {
        peer.address = handshake.remote_address;
    }

    std::vector<Membership>::iterator find(std::string_view room) {
        return std::ranges::find(rooms, room, &Membership::room);
    }

    Peer peer;
    std::vector<std::string> token_hashes;  // of what the principal proves
    Time expires_at = Time::max();          // of the first of them
    Time asked_at{};                        // when what is known of them was asked for
    // Events that wait for what else has become the visitor's meanwhile.
    std::deque<app::Event> waiting;
    std::size_t waiting_bytes = 0;  // that came since the look began
    Rate looks{kLooksPerSecond};
    bool looking = false;
    bool looked = false;    // for the event in hand
    bool accepted = false;  // until then it must not be told anything
    bool ended = false;     // by us; it leaves nothing behind any more

    std::vector<Membership> rooms;
    std::deque<Join> replays;   // the first is under way
    std::deque<Behind> behind;  // as are these
    bool states_kept = false;   // by the hub, of the sessions that it watches
    bool reading_page = false;
    bool look_pending = false;  // whether there is room for the next page
    std::chrono::milliseconds look_pause{20};
    Rate typing;
    bool watching = false;
    bool counts_as_agent = false;
    std::optional<std::size_t>
        presence_place;  // among those who want to know whether agents are there
    // Names what is left behind for recovery. Plain WebSockets cannot be recovered and have one.
    std::string recovery_key;
    // The newest notification that the feed, or the view of a room ahead of it, had shown when the
    // last room went live: see the table recovery.
    hub::Position joined_at = 0;

    static ChatSocket& of(app::Socket& socket) { return static_cast<ChatSocket&>(*socket.state); }
};

}  // namespace livechat::gateway
