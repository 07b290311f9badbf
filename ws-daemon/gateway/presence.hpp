// Who is there: of agents whether any, of visitors which (docs/protocol.md, "Presence"). It knows
// the sockets of this daemon, and what the other daemons say of theirs. That is never stored: each
// daemon repeats it, and what a daemon has said is forgotten when it falls silent.
//
// Who leaves counts as there for a moment longer, so that reloading a page disturbs no one.
// Sans-IO: times come in as values, and tick() says what is to be told to whom.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace livechat::gateway {

// What a daemon tells the others.
struct PresenceNews {
    std::string daemon;
    bool agents = false;      // it has one
    bool watched = false;     // someone there wants to know which visitors are online
    std::uint64_t round = 0;  // counts the times that it has told all of its rooms
    std::vector<std::string> online;
    std::vector<std::string> offline;
};

class Presence {
  public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::seconds kAgentGrace{5};
    static constexpr std::chrono::seconds kVisitorGrace{3};
    // Between two times that a daemon says that it is alive, and how long it is believed.
    static constexpr std::chrono::seconds kHeartbeat{2};
    static constexpr std::chrono::seconds kPatience{7};
    // Between two times that it tells all of its rooms.
    static constexpr std::chrono::seconds kRound{30};
    static constexpr std::size_t kMaxPeers = 64;
    static constexpr std::size_t kMaxPeerRooms = 100'000;
    // Bytes of clientIds in one piece of news: it has to fit into a datagram.
    static constexpr std::size_t kNewsBytes = 3000;
    static constexpr std::size_t kNewsInARow = 8;  // told in one tick

    struct Changes {
        std::optional<bool> agents;        // whether there is any, if that is new
        std::vector<std::string> online;   // rooms whose visitor came …
        std::vector<std::string> offline;  // … and went; only while someone watches here
        std::vector<PresenceNews> news;    // for the other daemons; `daemon` is left empty
    };

    // A socket of the room's visitor.
    void visitor_came(std::string_view room);
    void visitor_left(std::string_view room, Time now);
    // The socket was taken for a visitor's and is not.
    void visitor_was_none(std::string_view room, Time now);

    void agent_came() { ++agents_; }
    void agent_left(Time now);

    // Sockets here that want to know which visitors are online.
    void watcher_came() { ++watchers_; }
    void watcher_left();

    void hear(PresenceNews news, Time now);

    // Call it a few times a second.
    Changes tick(Time now);

    bool any_agent(Time now) const;
    bool is_online(std::string_view room) const;
    // All rooms whose visitor is online, in no order.
    std::vector<std::string> online() const;
    // Rooms with a visitor at this daemon, those that have just left included.
    std::size_t visitors() const { return own_.size(); }
    // Sockets of agents at this daemon.
    std::size_t agents() const { return agents_; }

  private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    template <class Value>
    using ByRoom = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

    struct Own {
        std::uint32_t sockets = 0;
        Time left_at{};  // of the last one
    };
    struct Peer {
        Time heard{};
        bool agents = false;
        bool watched = false;
        ByRoom<std::uint64_t> rooms;  // the round in which each was told last
        std::uint64_t round = 0;
    };

    void remove_own(std::string_view room);
    void expire(Time now);
    void forget_rooms(Peer& peer);
    void note(std::string_view room, bool was_online);
    void take_in(Peer& peer, std::string_view room, std::uint64_t round);
    void strike_out(Peer& peer, std::string_view room);
    bool peers_watch() const;
    void tell(Changes& changes, Time now);
    PresenceNews empty_news(Time now) const;

    ByRoom<Own> own_;
    std::deque<std::pair<Time, std::string>> leaving_;  // in the order of time
    std::unordered_map<std::string, Peer> peers_;
    ByRoom<bool> shown_changes_;        // for watchers here, since the last tick
    ByRoom<bool> own_changes_;          // for the other daemons, since the last tick
    std::vector<std::string> to_tell_;  // of the round under way
    std::size_t agents_ = 0;
    std::size_t watchers_ = 0;
    std::optional<Time> agent_left_at_;
    bool agents_shown_ = false;
    std::optional<PresenceNews> told_;  // the last heartbeat
    Time told_at_{};
    Time round_at_{};
    std::uint64_t round_ = 0;
};

}  // namespace livechat::gateway
