#include "gateway/gateway.hpp"

#include <algorithm>
#include <iterator>
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
// Events of one socket that may wait while it is looked up what is its visitor's.
constexpr std::size_t kMaxWaiting = 256;
constexpr std::size_t kMaxWaitingBytes = 1024 * 1024;

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
      surroundings_(std::move(surroundings)) {
    hub_.on_fell_behind([this](std::string_view room, hub::Sink& sink, hub::Position position) {
        fell_behind(room, static_cast<app::Socket&>(sink), position);
    });
}

Gateway::~Gateway() = default;

void Gateway::on_event(app::Socket& socket, app::Event event) {
    auto& state = ChatSocket::of(socket);
    if (state.ended) return;
    if (!state.looking) return dispatch(socket, event);
    state.waiting_bytes += event.args.dump().size();
    if (state.waiting.size() >= kMaxWaiting || state.waiting_bytes > kMaxWaitingBytes) {
        return refuse(reply_to(socket, event), {ErrorCode::busy, "too many events at once"});
    }
    state.waiting.push_back(std::move(event));
}

void Gateway::dispatch(app::Socket& socket, app::Event& event) {
    struct Handler {
        std::string_view event;
        void (Gateway::*handle)(app::Socket&, app::Event&);
    };
    // What clients may emit (docs/protocol.md, "Events").
    static constexpr Handler kHandlers[] = {
        {"send-message", &Gateway::send_message},
        {"typing", &Gateway::typing},
        {"join", &Gateway::join},
        {"mark-read", &Gateway::mark_read},
        {"leave", &Gateway::leave},
        {"watch-sessions", &Gateway::watch_sessions},
        {"watch-presence", &Gateway::watch_presence},
    };
    const auto* const handler = std::ranges::find(kHandlers, event.name, &Handler::event);
    if (handler != std::end(kHandlers)) return (this->*handler->handle)(socket, event);
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

void Gateway::leave(app::Socket& socket, app::Event& event) {
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
    const Attempt attempt{Operation::send, message->client_id, message->sender,
                          json_string_size(message->text)};
    if (!permitted(socket, event, attempt)) return;
    auto& rooms = ChatSocket::of(socket).rooms;
    const auto membership = ChatSocket::of(socket).find(message->client_id);
    // What a socket says behind its join is news to itself as well: were it committed before the
    // room is viewed, the join's lastSeq would count it and nothing would bring it.
    if (membership == rooms.end() || membership->viewed) return send(*std::move(message), reply);
    std::size_t bytes = message->text.size();
    for (const auto& held : membership->sends) bytes += held.message.text.size();
    if (membership->sends.size() >= kMaxWaiting || bytes > kMaxWaitingBytes) {
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
        hub_.pass_by(payload->client_id, typing_event(*payload), &socket);
        tell_watchers_of_typing(*payload, &socket);
        surroundings_.relay_typing(*payload);
    }
    answer(reply, ok());
}

void Gateway::pass_typing(const TypingPayload& payload) {
    if (hub_.has(payload.client_id))
        hub_.pass_by(payload.client_id, typing_event(payload), nullptr);
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
