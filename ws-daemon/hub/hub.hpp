// Rooms and the sinks in them: what the feed brings is published here, and goes to every sink of
// its room in the order in which it is published. Event loop thread only; sinks must outlive their
// membership.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
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
    // What is kept for a sink that is still catching up, in events and in bytes of their data;
    // beyond, it has to catch up once more.
    static constexpr std::size_t kMaxHeld = 1000;
    static constexpr std::size_t kMaxHeldBytes = 256 * 1024;
    // What is kept for a sink without room, in events and in bytes of their data, which all sinks
    // share; beyond, it gets what comes, room or not.
    static constexpr std::size_t kMaxKept = 20'000;
    static constexpr std::size_t kMaxKeptBytes = 64 * 1024 * 1024;

    // A sink has no room for an event of the room at that position: from now on it is catching up,
    // and nothing is held for it. For events with a key: the newest of each are kept for it, until
    // deliver_kept(). Called under publish(); must not change the hub's rooms.
    using FellBehind = std::function<void(std::string_view room, Sink& sink, Position position)>;
    void on_fell_behind(FellBehind fell_behind) { fell_behind_ = std::move(fell_behind); }

    // The sink enters the room, catching up: what is published from now on is held for it. Entering
    // twice starts catching up again.
    void enter(std::string_view room, Sink& sink);

    // The sink has got everything up to `covered` by other means. It now gets what was held beyond
    // that, and then everything as it is published. False: too much came meanwhile, the held events
    // are gone and holding starts over; read what is missing again. Also false if it is not
    // catching up.
    bool go_live(std::string_view room, Sink& sink, Position covered);

    // The sink, which is catching up, will take long: nothing is held for it until the next
    // go_live(), which then returns false.
    void hold_nothing(std::string_view room, const Sink& sink);

    // What was kept for the sink, which is in the room, as far as it has room. True: that was all.
    bool deliver_kept(std::string_view room, Sink& sink);

    void leave(std::string_view room, const Sink& sink);

    void publish(std::string_view room, Position position, const SharedBroadcast& broadcast);

    // To those in the room at this moment but `except`, outside the order of positions; nothing is
    // held for a sink that is catching up.
    void pass(std::string_view room, const SharedBroadcast& broadcast, const Sink* except);
    // The same for what is soon out of date: a sink without room does not get it.
    void pass_by(std::string_view room, const SharedBroadcast& broadcast, const Sink* except);

    bool has(std::string_view room) const { return rooms_.contains(room); }
    std::size_t rooms() const { return rooms_.size(); }
    std::uint64_t deliveries() const { return deliveries_; }

  private:
    struct Kept {
        std::map<std::string, SharedBroadcast, std::less<>> by_key;
        std::size_t bytes = 0;

        bool is_full() const { return by_key.size() >= kMaxKept || bytes >= kMaxKeptBytes; }
        void put(const SharedBroadcast& broadcast);
        SharedBroadcast take();
    };
    struct Live {
        Sink* sink;
        Position covered;
        std::unique_ptr<Kept> kept = {};  // none: it has got everything
    };
    struct Held {
        Position position;
        SharedBroadcast broadcast;
    };
    struct CatchingUp {
        Sink* sink;
        bool overflowed = false;
        std::size_t bytes = 0;
        std::vector<Held> held = {};

        void overflow() {
            overflowed = true;
            bytes = 0;
            held = {};
        }
    };
    struct Room {
        std::vector<Live> live;
        std::vector<CatchingUp> catching_up;  // few, and for milliseconds
    };
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    template <class Wanted>
    void pass_to(std::string_view room, const SharedBroadcast& broadcast, Wanted wanted);

    bool deliver_now(std::string_view room,
                     Live& member,
                     Position position,
                     const SharedBroadcast& broadcast);

    std::unordered_map<std::string, Room, Hash, std::equal_to<>> rooms_;
    FellBehind fell_behind_ = [](std::string_view, Sink&, Position) {};
    std::uint64_t deliveries_ = 0;
};

}  // namespace livechat::hub
