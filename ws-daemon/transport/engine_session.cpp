#include "transport/engine_session.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace livechat::transport {
namespace {

// In one body of a client whose speed is limited: each may be answered, and answers that no one
// reads are held.
constexpr std::size_t kPacketsOfVisitor = 2'000;

}  // namespace

HttpReply to_reply(eio::Answer answer) {
    HttpReply reply;
    reply.status = answer.status;
    if (answer.json) reply.content_type = "application/json";
    reply.body = std::move(answer.body);
    return reply;
}

EngineSession::EngineSession(std::shared_ptr<Loop> loop,
                             Registry& registry,
                             const Settings& settings,
                             eio::Session session,
                             app::Handshake handshake)
    : Timed(loop->deadlines()),
      Holder(loop->incoming()),
      loop_(std::move(loop)),
      registry_(registry),
      settings_(settings),
      session_(std::move(session)),
      rate_(settings.input),
      handshake_(std::move(handshake)) {}

EngineSession::~EngineSession() {
    let_go();
    set_deadline(Time::max());
    hold(0);
}

void EngineSession::open(ChannelFactory& factory) {
    log::debug("session_opened", {{"request_id", handshake_.request_id}});
    channel_ = factory.open(*this);
    reschedule();
}

void EngineSession::poll(const std::shared_ptr<Exchange>& exchange) {
    eio::Effects effects;
    session_.on_poll(Loop::now(), effects);
    if (!effects.request) {
        poll_ = exchange;
        exchange->set_owner(this);
    }
    apply(effects, exchange.get());
}

void EngineSession::post_head(Exchange& exchange, std::size_t content_length) {
    eio::Effects effects;
    session_.on_post_head(Loop::now(), content_length, effects);
    if (!effects.request) {
        post_ = exchange.shared_from_this();
        exchange.set_owner(this);
    }
    apply(effects, &exchange);
}

void EngineSession::post_body(const std::shared_ptr<Exchange>& exchange) {
    if (post_ != exchange) {
        // It had no body to announce, or the session ended while it came in.
        post_head(*exchange, exchange->request().body.size());
        if (exchange->answered()) return;
    }
    eio::Effects effects;
    const Time now = Loop::now();
    const auto size = exchange->request().body.size();
    session_.on_post_body(exchange->request().body, now, effects,
                          rate_.limits_peer() ? kPacketsOfVisitor : settings_.max_packets);
    const Time again = read_again_at(effects.messages.size(), size, now);
    if (again > now) session_.hold_post(again, effects);
    if (effects.request) post_.reset();
    apply(effects, exchange.get());
}

void EngineSession::carry_on(WebSocket& socket) {
    websocket_ = &socket;
    socket.set_owner(this);
    socket.send(make_frame(Opcode::text, session_.open_packet()));
}

void EngineSession::upgrade_to(WebSocket& socket) {
    if (!session_.on_websocket(Loop::now())) {
        socket.close(close_code::normal, {});
        return;
    }
    websocket_ = &socket;
    socket.set_owner(this);
    reschedule();
}

void EngineSession::send(eio::SharedFrame frame) {
    if (session_.closed()) return;
    if (websocket_ && session_.transport() == eio::Transport::websocket) {
        websocket_->send(frame);
        return;
    }
    eio::Effects effects;
    session_.send(std::move(frame), effects);
    if (effects.closed) postponed_ = std::make_unique<eio::Effects>(std::move(effects));
    loop_->defer(shared_from_this());
}

std::size_t EngineSession::queued() const {
    return session_.queued() + (websocket_ ? websocket_->queued() : 0);
}

void EngineSession::close(std::string_view reason) {
    if (close_requested_ || session_.closed()) return;
    close_requested_ = true;
    close_reason_ = reason;
    loop_->defer(shared_from_this());
}

void EngineSession::reschedule() {
    const Time channel = channel_ ? channel_->next_deadline() : Time::max();
    set_deadline(std::min(session_.wake_at(), channel));
    // On a WebSocket it is counted there.
    hold(websocket_ ? 0 : held());
}

void EngineSession::on_exchange_gone(Exchange& exchange) {
    const auto self = shared_from_this();
    eio::Effects effects;
    if (poll_.get() == &exchange) {
        poll_.reset();
        session_.on_poll_gone(effects);
    } else if (post_.get() == &exchange) {
        post_.reset();
        session_.on_post_gone();
    }
    apply(effects, nullptr);
}

void EngineSession::on_ws_message(std::string data, bool binary) {
    const auto self = shared_from_this();
    const bool polling = session_.transport() == eio::Transport::polling;
    eio::Effects effects;
    session_.on_frame(std::move(data), binary, Loop::now(), effects);
    if (polling && session_.transport() == eio::Transport::websocket) ++loop_->counters().upgrades;
    apply(effects, nullptr);
}

Time EngineSession::on_ws_read(std::size_t messages, std::size_t bytes) {
    const Time now = Loop::now();
    const Time again = read_again_at(messages, bytes, now);
    if (again > now) {
        session_.excuse(again);
        reschedule();
    }
    return again;
}

// A client that does not read what it causes is not read either, so that answers do not pile up.
// No later than that a pong still comes in time.
Time EngineSession::read_again_at(std::size_t messages, std::size_t bytes, Time now) {
    constexpr eio::Milliseconds kLookForRoom{250};
    rate_.count(messages, bytes, now);
    Time again = rate_.ready_at();
    if (rate_.limits_peer() && !has_room()) again = std::max(again, now + kLookForRoom);
    return std::min(again, now + settings_.ping_timeout / 2);
}

void EngineSession::on_ws_gone(WebSocket& socket, std::string_view reason) {
    if (websocket_ != &socket) return;
    const auto self = shared_from_this();
    websocket_ = nullptr;
    if (session_.transport() == eio::Transport::websocket) close_reason_ = reason;
    eio::Effects effects;
    session_.on_websocket_gone(Loop::now(), effects);
    apply(effects, nullptr);
}

void EngineSession::on_deadline(Time now) {
    const auto self = shared_from_this();
    eio::Effects effects;
    session_.on_time(now, effects);
    apply(effects, nullptr);
    if (channel_ && now >= channel_->next_deadline()) channel_->on_time(now);
    reschedule();
}

void EngineSession::run_deferred() {
    if (const auto postponed = std::move(postponed_)) {
        apply(*postponed, nullptr);
        return;
    }
    eio::Effects effects;
    session_.flush(Loop::now(), effects);
    if (close_requested_) {
        session_.close(eio::CloseReason::server_close, Loop::now(), effects);
    }
    apply(effects, nullptr);
}

void EngineSession::apply(eio::Effects& effects, Exchange* request) {
    const auto self = shared_from_this();
    if (effects.poll) {
        if (const auto poll = std::exchange(poll_, nullptr)) {
            poll->answer(to_reply(std::move(*effects.poll)));
        }
    }
    if (effects.post) {
        if (const auto post = std::exchange(post_, nullptr)) {
            post->answer(to_reply(std::move(*effects.post)));
        }
    }
    if (websocket_) {
        for (const auto& frame : effects.frames) websocket_->send(frame);
    }
    for (eio::Packet& message : effects.messages) {
        // What follows a breach of the protocol is not looked at.
        if (!channel_ || close_requested_) break;
        ++loop_->counters().messages_in;
        channel_->on_message(std::move(message.data), message.binary);
    }
    if (effects.request && request) request->answer(to_reply(std::move(*effects.request)));
    if (effects.close_websocket && websocket_) {
        std::exchange(websocket_, nullptr)->close(close_code::normal, {});
    }
    if (effects.closed) finish(*effects.closed);
    if (session_.finished()) {
        set_deadline(Time::max());
        let_go();
        registry_.forget(*this);
    } else {
        reschedule();
    }
}

void EngineSession::finish(eio::CloseReason reason) {
    if (const auto channel = std::exchange(channel_, nullptr)) {
        const std::string name =
            close_reason_.empty() ? std::string(to_string(reason)) : close_reason_;
        loop_->counters().count_close(name);
        log::debug("session_closed", {{"reason", name}, {"request_id", handshake_.request_id}});
        channel->on_close(name);
    }
}

// No callbacks from here on.
void EngineSession::let_go() {
    if (poll_) poll_->set_owner(nullptr);
    if (post_) post_->set_owner(nullptr);
    if (websocket_) websocket_->set_owner(nullptr);
    poll_.reset();
    post_.reset();
    websocket_ = nullptr;
}

}  // namespace livechat::transport
