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
#include <vector>

#include "app/application.hpp"
#include "base/config.hpp"
#include "feed/position.hpp"
#include "gateway/backend.hpp"
#include "gateway/payload.hpp"
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
};

class Gateway : public app::Application {
  public:
    Gateway(const Limits& limits, Backend& backend, hub::Hub& hub, Surroundings surroundings);
    ~Gateway() override;

    void on_connect(const std::shared_ptr<app::Socket>& socket,
                    const app::Handshake& handshake,
                    std::string_view nsp,
                    const app::Json& auth) override;
    void on_event(app::Socket& socket, app::Event event) override;
    void on_disconnect(app::Socket& socket, std::string_view reason) override;

    // The hub has been given everything up to here.
    void set_position(feed::Position position) { position_ = std::move(position); }

    // Somebody types at another daemon.
    void pass_typing(const TypingPayload& payload);

  private:
    struct ChatSocket;
    // A client that came back with its pid and offset, while it is looked up what it has missed.
    struct Recovery {
        std::weak_ptr<app::Socket> socket;
        std::string pid;
        feed::Position standing;  // the client's
        feed::Position feed;      // the feed's when the rooms were entered
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

    void start_fresh(app::Socket& socket);
    // Whether the client may be recovered; if so, it is under way.
    bool recover(const std::shared_ptr<app::Socket>& socket, const app::Json& auth);
    void enter_rooms(Recovery recovery, const db::RecoveryRecord& record);
    // False, and nothing was sent, if it is too much to be sent at once.
    bool recovered(const Recovery& recovery, const Missed& missed);
    void save_recovery(app::Socket& socket);

    static void answer(const Reply& reply, const app::Json& args);
    static void refuse(const Reply& reply, const Failure& failure);

    void join(app::Socket& socket, const Reply& reply, const app::Json& args);
    void answer_position(Join join);
    void view(Join join);
    void viewed(Join join, Result<RoomView> view);
    void replay(Join join, app::Socket& socket, std::vector<Message> messages);
    void replay_more(Join join);
    void go_live(Join join, app::Socket& socket);
    static void answer_joined(const Join& join, Seq last_seq);
    void leave(app::Socket& socket, const Reply& reply, const app::Json& args);
    void drop_membership(app::Socket& socket, std::string_view room);
    void leave_all(app::Socket& socket);
    void send_message(const Reply& reply, const app::Json& args);
    void typing(app::Socket& socket, const Reply& reply, const app::Json& args);
    void mark_read(const Reply& reply, const app::Json& args);
    void watch_sessions(app::Socket& socket, const Reply& reply);

    // The socket, if it is still there and this is still its membership of the room.
    std::shared_ptr<app::Socket> member(const Join& join) const;

    const Limits& limits_;
    Backend& backend_;
    hub::Hub& hub_;
    Surroundings surroundings_;
    feed::Position position_;
    std::uint64_t joins_ = 0;
    std::size_t watchers_ = 0;
};

}  // namespace livechat::gateway
