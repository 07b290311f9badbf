// The chat on top of the protocol layers: each event a client emits becomes a use case or a change
// of rooms (contract, "Socket.IO"). The gateway never broadcasts a message itself: what was
// committed comes back through the feed. Typing alone goes straight on, because it is never stored.
//
// Event loop thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "app/application.hpp"
#include "base/config.hpp"
#include "feed/position.hpp"
#include "gateway/backend.hpp"
#include "gateway/credentials.hpp"
#include "gateway/guard.hpp"
#include "gateway/payload.hpp"
#include "gateway/presence.hpp"
#include "gateway/watched_typing.hpp"
#include "hub/hub.hpp"

namespace livechat::gateway {

using Time = std::chrono::steady_clock::time_point;

// What the gateway needs of the world around it.
struct Surroundings {
    std::function<Time()> now;
    // Runs the task on the event loop's thread after this time.
    std::function<void(std::chrono::milliseconds, std::function<void()>)> later;
    // Tells the other daemons.
    std::function<void(const TypingPayload&)> relay_typing;
    std::function<void(const PresenceNews&)> relay_presence;
    // Asks the other daemons to supersede who holds this place. False: there are no others.
    std::function<bool(const std::string& recovery_key)> relay_recall;
};

class Gateway : public app::Application {
  public:
    // config: its limits and rates are read as they are at the time.
    Gateway(const Config& config, Backend& backend, hub::Hub& hub, Surroundings surroundings);
    ~Gateway() override;

    // From now on looks every two seconds whose access has ended.
    void watch_access();

    std::optional<app::Refusal> refuse_handshake(const app::Handshake& handshake) override;

    void on_connect(const std::shared_ptr<app::Socket>& socket,
                    const app::Handshake& handshake,
                    std::string_view nsp,
                    const app::Json& auth) override;
    void on_event(app::Socket& socket, app::Event event) override;
    void on_disconnect(app::Socket& socket, std::string_view reason) override;

    // The hub has been given everything up to here.
    void set_position(feed::Position position) { position_ = std::move(position); }

    // Until the next set_position() no broken connection leaves anything to be recovered from.
    void forget_position() { position_ = {}; }

    // Which one of the database's lives this is; the acknowledgement of a join names it.
    void set_epoch(std::string epoch) { epoch_ = std::move(epoch); }

    // A person types at another daemon.
    void pass_typing(const TypingPayload& payload);

    // Ends the socket that still counts as there, if there is one. What it leaves behind has been
    // given to the backend then.
    void supersede(const std::string& recovery_key);

    // Another daemon tells who is there.
    void hear_presence(PresenceNews news);
    // Tells those who want to know who has come and gone. Call it a few times a second.
    void tick_presence();
    const Presence& presence() const { return presence_; }

  private:
    struct ChatSocket;
    // A client that came back with its pid and offset, while it is looked up what it has missed.
    struct Recovery {
        std::weak_ptr<app::Socket> socket;
        std::string pid;
        std::string key;
        feed::Position standing;                      // the client's
        feed::Position feed;                          // the feed's when the rooms were entered
        bool recalled = false;                        // the other daemons were asked
        std::vector<std::uint64_t> memberships = {};  // numbers of those that were entered
    };
    // How the outcome of an event reaches the client: an ack if it asked for one.
    struct Reply {
        std::weak_ptr<app::Socket> socket;
        std::optional<std::uint64_t> ack_id;
    };
    // A join on its way: which membership it is for, and how far the replay has come.
    struct Join {
        Reply reply;
        JoinPayload payload;       // after: moves on with the replay
        std::uint64_t number = 0;  // tells this membership from an earlier one of the same room
        bool answered = false;
        hub::Position covered = 0;  // of the newest view, as is last_seq
        Seq last_seq = 0;
    };

    // A page of a replay that is being read.
    struct PageTurn {
        std::weak_ptr<app::Socket> socket;
        std::string address;  // of its peer, as limits count it; empty: not known
        bool begun = false;
    };

    // Access (gateway/access.cpp).
    void identified(const std::shared_ptr<app::Socket>& socket,
                    const std::vector<std::string>& hashes,
                    const app::Json& auth,
                    Result<Proof> proof);
    void let_in(const std::shared_ptr<app::Socket>& socket, const app::Json& auth);
    void turn_away(app::Socket& socket, const Failure& failure);
    // hashes: of the tokens that the socket came with, in their order.
    void set_principal(ChatSocket& state,
                       const std::vector<std::string>& hashes,
                       Principal principal);
    // False: the event was answered, or waits until it is known what has become the visitor's.
    bool permitted(app::Socket& socket, app::Event& event, const Attempt& attempt);
    void look_again(app::Socket& socket, app::Event& event);
    void looked(app::Socket& socket, Result<Proof> proof);
    bool renew(app::Socket& socket, Principal principal);
    void renew_from(app::Socket& socket, const Proof& proof, Time asked_at);
    std::vector<std::shared_ptr<app::Socket>> next_renewals();
    void reviewed(const Review& review);
    bool is_banned(const ChatSocket& state) const;
    // come_back: the client may try again by itself.
    void end(app::Socket& socket, const Failure& failure, bool come_back);
    // It is in no room from here on, and its events are not heard.
    void retire(app::Socket& socket);
    std::size_t rooms_of(const ChatSocket& state) const;

    void dispatch(app::Socket& socket, app::Event& event);
    void start_fresh(app::Socket& socket);
    static void accept(app::Socket& socket, std::string_view pid);
    // A client that comes back with this key takes this socket's place.
    void hold(app::Socket& socket, std::string recovery_key);
    void let_go(app::Socket& socket);
    // Whether the client may be recovered; if so, it is under way.
    bool recover(const std::shared_ptr<app::Socket>& socket, const app::Json& auth);
    void take_place(Recovery recovery);
    bool may_enter(app::Socket& socket, const db::RecoveryRecord& record) const;
    void enter_rooms(Recovery recovery, const db::RecoveryRecord& record);
    static bool is_where_it_was(const Recovery& recovery);
    // False, and nothing was sent, if it is too much to be sent at once.
    bool recovered(const Recovery& recovery, const Missed& missed);
    void save_recovery(app::Socket& socket);

    static app::Json ok();  // the arguments of an ack, to which more may be added
    static void answer(const Reply& reply, const app::Json& args);
    static void refuse(const Reply& reply, const Failure& failure);

    static Reply reply_to(app::Socket& socket, const app::Event& event) {
        return {socket.weak_from_this(), event.ack_id};
    }

    // Joins and their replays (gateway/joining.cpp).
    void join(app::Socket& socket, app::Event& event);
    void answer_position(Join join);
    void view(Join join);
    void viewed(Join join, Result<RoomView> view);
    static void deliver_page(Join& join, app::Socket& socket, const db::MessagePage& page);
    void advance(const std::weak_ptr<app::Socket>& weak);
    void advance_replays(app::Socket& socket);
    void read_page(app::Socket& socket, const Join& join);
    bool begin_page(app::Socket& socket);
    static PageTurn page_turn(app::Socket& socket);
    void end_page(const PageTurn& turn);
    void look_later(app::Socket& socket);
    void go_live(Join join, app::Socket& socket);
    void answer_joined(const Join& join, Seq last_seq) const;
    // Peers that read more slowly than their rooms talk (gateway/falling_behind.cpp).
    void fell_behind(std::string_view room, app::Socket& socket, hub::Position position);
    void advance_behind(app::Socket& socket);
    void caught_up_to(const PageTurn& turn,
                      std::uint64_t number,
                      const Result<std::optional<RoomNews>>& news);
    void become_live(app::Socket& socket, std::string_view room, hub::Position covered);

    void leave(app::Socket& socket, app::Event& event);
    void drop_membership(app::Socket& socket, std::string_view room);
    void leave_all(app::Socket& socket);
    void send_message(app::Socket& socket, app::Event& event);
    void send(NewMessage message, const Reply& reply);
    // What waited for the view of the room is sent.
    void release_sends(app::Socket& socket, std::string_view room);
    void typing(app::Socket& socket, app::Event& event);
    void mark_read(app::Socket& socket, app::Event& event);

    // For those who watch (gateway/watching.cpp).
    void watch_sessions(app::Socket& socket, app::Event& event);
    void stop_watching(app::Socket& socket);
    void watch_presence(app::Socket& socket, app::Event& event);
    void tell_watchers_of_typing(const TypingPayload& payload, const app::Socket* except);
    void tell_of_agents(bool agents);
    void show_online(const std::shared_ptr<app::Socket>& socket, std::vector<std::string> rooms);
    // Whether the socket is a visitor's is known when it is live in the room.
    void count_visitor(app::Socket& socket, std::string_view room);
    void discount_visitor(app::Socket& socket, std::string_view room);

    // The socket, if it is still there and this is still its membership of the room.
    std::shared_ptr<app::Socket> member(const Join& join) const;

    const Limits& limits_;
    Guard guard_;
    Backend& backend_;
    hub::Hub& hub_;
    Surroundings surroundings_;
    feed::Position position_;
    std::string epoch_;
    std::uint64_t joins_ = 0;
    std::unordered_map<std::string, std::size_t> pages_under_way_;  // by address
    std::size_t watchers_ = 0;
    std::unordered_set<app::Socket*> sockets_;               // all that were not turned away
    std::unordered_map<std::string, app::Socket*> holders_;  // by the keys of their recovery
    std::optional<std::uint64_t> bans_version_;
    std::optional<Time> reviewed_at_;  // when the last review that succeeded was asked for
    Time next_expiry_ = Time::max();   // of a socket's token
    std::vector<std::weak_ptr<app::Socket>> turns_;  // whose tokens are still to be read again
    Presence presence_;
    WatchedTyping watched_typing_;
    std::vector<app::Socket*> presence_watchers_;  // each knows its place in here
};

}  // namespace livechat::gateway
