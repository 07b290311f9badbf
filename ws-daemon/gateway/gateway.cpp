#include "gateway/gateway.hpp"

#include <algorithm>
#include <utility>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "domain/json.hpp"
#include "gateway/chat_socket.hpp"
#include "gateway/error_args.hpp"

namespace livechat::gateway {
namespace {

// The close reason of a client that left on purpose and will not be recovered.
constexpr std::string_view kLeftByClient = "client_disconnect";
// What may wait for a client to read it while older messages are replayed, well below the bound at
// which it would be closed as slow, and how often it is looked at.
constexpr std::size_t kReplayWindow = 256 * 1024;
constexpr std::chrono::milliseconds kReplayPause{20};
constexpr std::string_view kReplayFailed = "replay failed";
// Events of one socket that may wait while it is looked up what is its visitor's.
constexpr std::size_t kMaxWaiting = 256;

app::Json sent(app::Json answer, const Sent& sent) {
    answer[0]["seq"] = sent.seq;
    answer[0]["createdAt"] = sent.created_at;
    answer[0]["messageId"] = sent.message_id ? app::Json(*sent.message_id) : app::Json();
    return answer;
}

hub::SharedBroadcast typing_event(const TypingPayload& payload) {
    return std::make_shared<hub::Broadcast>("typing", typing_data(payload));
}

}  // namespace

Gateway::Gateway(const Config& config, Backend& backend, hub::Hub& hub, Surroundings surroundings)
    : limits_(config.limits),
      guard_(config.auth.mode == "open" ? AuthMode::open : AuthMode::token, config.abuse),
      backend_(backend),
      hub_(hub),
      surroundings_(std::move(surroundings)) {}

Gateway::~Gateway() = default;

void Gateway::on_event(app::Socket& socket, app::Event event) {
    auto& state = ChatSocket::of(socket);
    if (state.ended) return;
    if (!state.looking) return dispatch(socket, event);
    if (state.waiting.size() >= kMaxWaiting) {
        return refuse(reply_to(socket, event), {ErrorCode::busy, "too many events at once"});
    }
    state.waiting.push_back(std::move(event));
}

void Gateway::dispatch(app::Socket& socket, app::Event& event) {
    if (event.name == "send-message") return send_message(socket, event);
    if (event.name == "typing") return typing(socket, event);
    if (event.name == "join") return join(socket, event);
    if (event.name == "mark-read") return mark_read(socket, event);
    if (event.name == "leave") return leave(socket, event);
    if (event.name == "watch-sessions") return watch_sessions(socket, event);
    if (event.name == "watch-presence") return watch_presence(socket, event);
    refuse(reply_to(socket, event), {ErrorCode::unknown_event, "there is no such event"});
}

void Gateway::on_disconnect(app::Socket& socket, std::string_view reason) {
    sockets_.erase(&socket);
    if (!socket.state) return;
    let_go(socket);
    if (reason != kLeftByClient && !ChatSocket::of(socket).ended) save_recovery(socket);
    leave_all(socket);
}

app::Json Gateway::ok() { return app::Json::array({{{"status", "ok"}}}); }

void Gateway::answer(const Reply& reply, const app::Json& args) {
    if (!reply.ack_id) return;
    if (const auto socket = reply.socket.lock()) socket->acknowledge(*reply.ack_id, args);
}

void Gateway::refuse(const Reply& reply, const Failure& failure) {
    const auto socket = reply.socket.lock();
    if (!socket) return;
    if (reply.ack_id) {
        socket->acknowledge(*reply.ack_id, error_args(failure));
    } else {
        socket->emit("chat-error", error_args(failure));
    }
}

void Gateway::join(app::Socket& socket, app::Event& event) {
    const auto reply = reply_to(socket, event);
    auto payload = read_join(event.args, limits_);
    if (!payload) return refuse(reply, payload.error());
    if (!permitted(socket, event, {Operation::join, payload->client_id})) return;
    // What was seen before the database was restored need not be there any more, or may be another.
    const bool other_epoch =
        payload->epoch && !payload->epoch->empty() && !epoch_.empty() && *payload->epoch != epoch_;
    if (other_epoch && payload->after) payload->after = 0;
    auto& rooms = ChatSocket::of(socket).rooms;
    const auto known = ChatSocket::of(socket).find(payload->client_id);
    const auto most = rooms_of(ChatSocket::of(socket));
    if (known == rooms.end() && rooms.size() >= most) {
        return refuse(reply, {ErrorCode::too_many_rooms,
                              "this socket joins at most " + std::to_string(most) + " rooms"});
    }

    Join join{.reply = reply, .payload = *std::move(payload), .number = ++joins_};
    if (known == rooms.end()) {
        rooms.push_back({.room = join.payload.client_id, .number = join.number, .viewed = false});
    } else if (join.payload.after) {
        known->number = join.number;
        known->live = false;
    } else {
        // It is there already and misses nothing; it only wants to know lastSeq.
        join.number = known->number;
        return answer_position(std::move(join));
    }
    hub_.enter(join.payload.client_id, socket);
    view(std::move(join));
}

void Gateway::answer_position(Join join) {
    const auto client_id = join.payload.client_id;
    backend_.view_room(client_id, std::nullopt,
                       [this, join = std::move(join)](Result<RoomView> view) {
                           if (!view) return refuse(join.reply, view.error());
                           answer_joined(join, view->last_seq);
                       });
}

void Gateway::answer_joined(const Join& join, Seq last_seq) const {
    auto args = ok();
    args[0]["clientId"] = join.payload.client_id;
    args[0]["lastSeq"] = last_seq;
    if (join.payload.epoch) args[0]["epoch"] = epoch_;
    answer(join.reply, args);
}

std::shared_ptr<app::Socket> Gateway::member(const Join& join) const {
    auto socket = join.reply.socket.lock();
    if (!socket || !socket->connected()) return nullptr;
    auto& state = ChatSocket::of(*socket);
    const auto membership = state.find(join.payload.client_id);
    const bool same = membership != state.rooms.end() && membership->number == join.number;
    return same ? socket : nullptr;
}

void Gateway::view(Join join) {
    const auto client_id = join.payload.client_id;
    const auto after = join.payload.after;
    backend_.view_room(client_id, after,
                       [this, join = std::move(join)](Result<RoomView> view) mutable {
                           viewed(std::move(join), std::move(view));
                       });
}

void Gateway::viewed(Join join, Result<RoomView> view) {
    const auto socket = member(join);
    if (!view && join.answered) {
        // It was told that it is in the room, where it now lacks something.
        if (socket) socket->disconnect(true, kReplayFailed);
        return;
    }
    if (!view) {
        refuse(join.reply, view.error());
        if (socket) drop_membership(*socket, join.payload.client_id);
        return;
    }
    if (!std::exchange(join.answered, true)) answer_joined(join, view->last_seq);
    if (!socket) return;
    join.covered = view->covered;
    join.last_seq = view->last_seq;
    const auto room = join.payload.client_id;
    if (join.payload.after) {
        replay(std::move(join), *socket, std::move(view->messages));
    } else {
        go_live(std::move(join), *socket);
    }
    release_sends(*socket, room);
}

// Sends on what was missed, no faster than the client reads it.
void Gateway::replay(Join join, app::Socket& socket, std::vector<Message> messages) {
    for (auto message = messages.begin(); message != messages.end(); ++message) {
        if (socket.queued() > kReplayWindow) {
            messages.erase(messages.begin(), message);
            const auto rest = std::make_shared<std::vector<Message>>(std::move(messages));
            surroundings_.later(kReplayPause, [this, join = std::move(join), rest]() mutable {
                const auto still = member(join);
                if (still) replay(std::move(join), *still, std::move(*rest));
            });
            return;
        }
        std::string data;
        append_new_message(data, join.payload.client_id, *message);
        socket.deliver(std::make_shared<hub::Broadcast>("new-message", std::move(data)));
        join.payload.after = message->seq;
    }
    if (messages.empty() || *join.payload.after >= join.last_seq) {
        return go_live(std::move(join), socket);
    }
    replay_more(std::move(join));
}

// Asks for the next messages, until the seq is reached that the view has shown.
void Gateway::replay_more(Join join) {
    const auto client_id = join.payload.client_id;
    const Seq after = *join.payload.after;
    backend_.messages_after(
        client_id, after, std::min<std::uint64_t>(ChatService::kReplayPage, join.last_seq - after),
        [this, join = std::move(join)](Result<std::vector<Message>> page) mutable {
            const auto still = member(join);
            if (!still) return;
            // Half a replay is worse than none: the client comes again and asks anew.
            if (!page) return still->disconnect(true, kReplayFailed);
            replay(std::move(join), *still, *std::move(page));
        });
}

void Gateway::go_live(Join join, app::Socket& socket) {
    if (hub_.go_live(join.payload.client_id, socket, join.covered)) {
        auto& state = ChatSocket::of(socket);
        const auto membership = state.find(join.payload.client_id);
        membership->live = true;
        membership->covered = join.covered;
        state.joined_at = std::max({state.joined_at, position_.newest, join.covered});
        count_visitor(socket, join.payload.client_id);
        return;
    }
    // More came than could be held. What was shown so far is the new starting point.
    if (!join.payload.after) join.payload.after = join.last_seq;
    view(std::move(join));
}

void Gateway::leave(app::Socket& socket, const app::Event& event) {
    const auto reply = reply_to(socket, event);
    const auto client_id = read_leave(event.args, limits_);
    if (!client_id) return refuse(reply, client_id.error());
    drop_membership(socket, *client_id);
    answer(reply, ok());
}

void Gateway::drop_membership(app::Socket& socket, std::string_view room) {
    auto& state = ChatSocket::of(socket);
    const auto membership = state.find(room);
    if (membership == state.rooms.end()) return;
    release_sends(socket, room);
    discount_visitor(socket, room);
    hub_.leave(room, socket);
    state.rooms.erase(membership);
}

void Gateway::send_message(app::Socket& socket, app::Event& event) {
    const auto reply = reply_to(socket, event);
    auto message = read_message(event.args, limits_);
    if (!message) return refuse(reply, message.error());
    if (!permitted(socket, event, {Operation::send, message->client_id, message->sender})) return;
    auto& rooms = ChatSocket::of(socket).rooms;
    const auto membership = ChatSocket::of(socket).find(message->client_id);
    // What a socket says behind its join is news to itself as well: were it committed before the
    // room is viewed, the join's lastSeq would count it and nothing would bring it.
    if (membership == rooms.end() || membership->viewed) return send(*std::move(message), reply);
    if (membership->sends.size() >= kMaxWaiting) {
        return refuse(reply, {ErrorCode::busy, "too many messages at once"});
    }
    membership->sends.push_back({*std::move(message), reply});
}

void Gateway::send(NewMessage message, const Reply& reply) {
    backend_.send(std::move(message), [reply](Result<Sent> result) {
        if (!result) return refuse(reply, result.error());
        answer(reply, sent(ok(), *result));
    });
}

void Gateway::release_sends(app::Socket& socket, std::string_view room) {
    auto& state = ChatSocket::of(socket);
    const auto membership = state.find(room);
    if (membership == state.rooms.end()) return;
    membership->viewed = true;
    for (auto& [message, reply] : std::exchange(membership->sends, {})) {
        send(std::move(message), reply);
    }
}

void Gateway::typing(app::Socket& socket, app::Event& event) {
    const auto reply = reply_to(socket, event);
    const auto payload = read_typing(event.args, limits_);
    if (!payload) return refuse(reply, payload.error());
    if (!permitted(socket, event, {Operation::type, payload->client_id, payload->sender})) return;
    // Beyond the rate it is dropped without a word: nothing is lost that matters.
    if (ChatSocket::of(socket).typing.allows(surroundings_.now())) {
        hub_.pass(payload->client_id, typing_event(*payload), &socket);
        tell_watchers_of_typing(*payload, &socket);
        surroundings_.relay_typing(*payload);
    }
    answer(reply, ok());
}

void Gateway::pass_typing(const TypingPayload& payload) {
    if (hub_.has(payload.client_id)) hub_.pass(payload.client_id, typing_event(payload), nullptr);
    tell_watchers_of_typing(payload, nullptr);
}

void Gateway::mark_read(app::Socket& socket, app::Event& event) {
    const auto reply = reply_to(socket, event);
    auto payload = read_mark_read(event.args, limits_);
    if (!payload) return refuse(reply, payload.error());
    if (!permitted(socket, event, {Operation::mark_read, payload->client_id, payload->reader})) {
        return;
    }
    backend_.mark_read(std::move(payload->client_id), payload->reader,
                       [reply](Result<void> result) {
                           if (!result) return refuse(reply, result.error());
                           answer(reply, ok());
                       });
}

void Gateway::leave_all(app::Socket& socket) {
    auto& state = ChatSocket::of(socket);
    for (const auto& membership : state.rooms) {
        release_sends(socket, membership.room);
        discount_visitor(socket, membership.room);
        hub_.leave(membership.room, socket);
    }
    state.rooms.clear();
    stop_watching(socket);
}

}  // namespace livechat::gateway
