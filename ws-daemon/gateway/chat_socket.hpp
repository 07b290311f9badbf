// What the gateway keeps for a socket: its rooms, and what it may be recovered from.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/gateway.hpp"
#include "gateway/rate.hpp"

namespace livechat::gateway {

struct Gateway::ChatSocket : app::SocketState {
    struct Membership {
        std::string room;
        std::uint64_t number;
        bool live = false;          // nothing of a replay is on its way any more
        hub::Position covered = 0;  // see db::RecoveryRoom
    };

    explicit ChatSocket(std::size_t typing_per_second) : typing(typing_per_second) {}

    std::vector<Membership>::iterator find(std::string_view room) {
        return std::ranges::find(rooms, room, &Membership::room);
    }

    std::vector<Membership> rooms;
    Rate typing;
    bool watching = false;
    std::string pid;  // names what is left behind for recovery; plain WebSockets never show it
    // The newest notification that the feed, or the view of a room ahead of it, had shown when the
    // last room went live: see the table recovery.
    hub::Position joined_at = 0;

    static ChatSocket& of(app::Socket& socket) { return static_cast<ChatSocket&>(*socket.state); }
};

}  // namespace livechat::gateway
