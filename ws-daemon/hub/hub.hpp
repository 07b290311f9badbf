// Rooms and the sinks in them: what the feed brings is published here, and goes to every sink of
// its room in the order in which it is published. Event loop thread only; sinks must outlive their
// membership.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hub/broadcast.hpp"
#include "hub/sink.hpp"

namespace livechat::hub {

// Numbers what is published, growing within a room (the feed's notification ids).
using Position = std::uint64_t;

// The room of those who watch all sessions. No clientId can be named so: it holds a control
// character.
inline constexpr std::string_view kWatchersRoom = "\x01watchers";

class Hub {
  public:
    // What is kept for a sink that is still catching up; beyond, it has to catch up once more.
    static constexpr std::size_t kMaxHeld = 1000;

    // The sink enters the room, catching up: what is published from now on is held for it. Entering
    // twice starts catching up anew.
    void enter(std::string_view room, Sink& sink);

    // The sink has got everything up to `covered` by other means. It now gets what was held beyond
    // that, and then everything as it is published. False: too much came meanwhile, the held events
    // are gone and holding starts anew; read what is missing again. Also false if it is not
    // catching up.
    bool go_live(std::string_view room, Sink& sink, Position covered);

    void leave(std::string_view room, const Sink& sink);

    void publish(std::string_view room, Position position, const SharedBroadcast& broadcast);

    // To those in the room at this moment but `except`, outside the order of positions; nothing is
    // held for a sink that is catching up.
    void pass(std::string_view room, const SharedBroadcast& broadcast, const Sink* except);

    bool has(std::string_view room) const { return rooms_.contains(room); }
    std::size_t rooms() const { return rooms_.size(); }
    std::uint64_t deliveries() const { return deliveries_; }

  private:
    struct Live {
        Sink* sink;
        Position covered;
    };
    struct Held {
        Position position;
        SharedBroadcast broadcast;
    };
    struct CatchingUp {
        Sink* sink;
        bool overflowed = false;
        std::vector<Held> held;
    };
    struct Room {
        std::vector<Live> live;
        std::vector<CatchingUp> catching_up;  // few, and for milliseconds
    };
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    std::unordered_map<std::string, Room, Hash, std::equal_to<>> rooms_;
    std::uint64_t deliveries_ = 0;
};

}  // namespace livechat::hub
