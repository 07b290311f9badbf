#include "engineio/session.hpp"

#include <algorithm>
#include <utility>

namespace livechat::eio {
namespace {

constexpr std::string_view kProbe = "probe";

// A client closes by POST while its poll is on its way over another connection. The poll was sent
// first but may arrive second; this long it is waited for.
constexpr Milliseconds kLeaveGrace{20};
// For the client of a closed polling session to come for what is queued.
constexpr Milliseconds kDrainTime{5000};
// A poll of a client that is upgrading is answered after so long, so that the client can go on.
// (The reference server looks as often.)
constexpr Milliseconds kProbedPoll{100};

SharedFrame make_frame(PacketType type, std::string_view data = {}) {
    return std::make_shared<Frame>(Frame{encode({type, false, std::string(data)}), 0, false});
}

const SharedFrame& ping_frame() {
    static const SharedFrame frame = make_frame(PacketType::ping);
    return frame;
}

const std::string kNoop = encode({PacketType::noop, false, {}});
const std::string kClose = encode({PacketType::close, false, {}});

Answer text(std::string body) { return Answer{200, false, std::move(body)}; }

}  // namespace

void Effects::clear() {
    poll.reset();
    post.reset();
    frames.clear();
    messages.clear();
    request.reset();
    close_websocket = false;
    closed.reset();
}

Session::Session(std::string sid, const SessionSettings& settings, Transport transport, Time now)
    : sid_(std::move(sid)),
      settings_(&settings),
      heartbeat_(settings.ping_interval, settings.ping_timeout, now),
      poll_(Poll::away),
      transport_(transport) {
    if (transport == Transport::polling) expect_poll(now);
}

std::string Session::open_packet() const {
    std::string packet = encode({PacketType::open, false, {}});
    packet += R"({"sid":")" + sid_ + R"(","upgrades":[)";
    if (transport_ == Transport::polling) packet += R"("websocket")";
    packet += R"(],"pingInterval":)" + std::to_string(settings_->ping_interval.count()) +
              R"(,"pingTimeout":)" + std::to_string(settings_->ping_timeout.count()) +
              R"(,"maxPayload":)" + std::to_string(settings_->max_payload) + '}';
    return packet;
}

void Session::on_poll(Time now, Effects& effects) {
    on_time(now, effects);
    if (state_ == State::leaving) {
        effects.request = text(kNoop);
        finish_leaving(effects);
    } else if (state_ == State::draining) {
        effects.request = text(take_payload());
        state_.enter(State::finished);
    } else if (state_ == State::finished) {
        effects.request = refusal(RequestError::unknown_sid);
    } else if (transport_ == Transport::websocket) {
        effects.request = refusal(RequestError::bad_request);
    } else if (poll_ == Poll::waiting) {
        end(CloseReason::poll_overlap, effects);
        effects.request = refusal(RequestError::bad_request);
    } else if (!queue_.empty()) {
        effects.request = text(take_payload());
        expect_poll(now);
    } else {
        poll_.enter(Poll::waiting, upgrade_ == Upgrade::probed ? now + kProbedPoll : kNever);
    }
}

void Session::on_poll_gone(Effects& effects) {
    if (poll_ != Poll::waiting) return;
    poll_.enter(Poll::away);
    end(CloseReason::transport_close, effects);
}

void Session::on_post_head(Time now, std::size_t content_length, Effects& effects) {
    on_time(now, effects);
    if (closed() || state_ == State::leaving) {
        effects.request = refusal(RequestError::unknown_sid);
    } else if (transport_ == Transport::websocket) {
        effects.request = refusal(RequestError::bad_request);
    } else if (post_ != Post::none) {
        end(CloseReason::post_overlap, effects);
        effects.request = refusal(RequestError::bad_request);
    } else if (content_length > settings_->max_payload) {
        // The session is as good as before: who sends less may go on.
        effects.request = Answer{413, false, payload_too_large(settings_->max_payload)};
    } else {
        post_.enter(Post::coming);
    }
}

void Session::on_post_body(std::string_view body,
                           Time now,
                           Effects& effects,
                           std::size_t most_packets) {
    on_time(now, effects);
    if (post_ != Post::coming || closed()) {
        effects.request = refusal(RequestError::unknown_sid);
        return;
    }
    post_.enter(Post::none);
    auto packets = decode_payload(body, std::min(settings_->max_packets, most_packets));
    if (!packets) {
        end(CloseReason::parse_error, effects);
        effects.request = refusal(RequestError::bad_request);
        return;
    }
    for (Packet& packet : *packets) {
        take(std::move(packet), now, effects);
        if (state_ != State::open) break;
    }
    if (state_ == State::leaving) return;
    const bool broken = effects.closed == CloseReason::parse_error;
    effects.request = broken ? refusal(RequestError::bad_request) : text("ok");
}

// One that is held stays so: going away is no way to send faster.
void Session::on_post_gone() {
    if (post_ == Post::coming) post_.enter(Post::none);
}

bool Session::hold_post(Time until, Effects& effects) {
    if (state_ != State::open || !effects.request || effects.request->status != 200) return false;
    effects.request.reset();
    post_.enter(Post::held, until);
    heartbeat_.excuse(until);
    return true;
}

bool Session::on_websocket(Time now) {
    if (state_ != State::open || transport_ != Transport::polling) return false;
    if (upgrade_ != Upgrade::none) return false;
    upgrade_.enter(Upgrade::attached, now + settings_->upgrade_timeout);
    return true;
}

void Session::on_frame(std::string data, bool binary, Time now, Effects& effects) {
    on_time(now, effects);
    if (state_ != State::open) return;
    if (transport_ == Transport::polling) {
        if (upgrade_ != Upgrade::none) take_probe_frame(data, binary, now, effects);
        return;
    }
    if (binary) {
        effects.messages.push_back({PacketType::message, true, std::move(data)});
        return;
    }
    if (!data.empty() && data[0] == '4') {
        data.erase(0, 1);
        effects.messages.push_back({PacketType::message, false, std::move(data)});
        return;
    }
    auto packet = decode(data);
    if (packet) {
        take(std::move(*packet), now, effects);
    } else {
        end(CloseReason::parse_error, effects);
    }
}

void Session::on_websocket_gone(Time now, Effects& effects) {
    if (transport_ == Transport::websocket) {
        end(CloseReason::transport_close, effects);
        effects.close_websocket = false;
    } else {
        upgrade_.enter(Upgrade::none);
        if (poll_ == Poll::waiting) poll_.enter(Poll::waiting);
        flush(now, effects);
    }
}

void Session::send(SharedFrame frame, Effects& effects) {
    if (closed()) return;
    if (transport_ == Transport::websocket) {
        effects.frames.push_back(std::move(frame));
        return;
    }
    queued_bytes_ += frame->packet().size();
    queue_.push_back(std::move(frame));
    if (queued_bytes_ > settings_->max_buffered) {
        queue_.clear();
        queued_bytes_ = 0;
        end(CloseReason::slow_reader, effects);
    }
}

void Session::flush(Time now, Effects& effects) {
    if (poll_ == Poll::waiting && !queue_.empty()) {
        answer_waiting_poll(take_payload(), now, effects);
    }
}

void Session::close(CloseReason reason, Time now, Effects& effects) {
    if (closed()) return;
    // Without a close packet: there are clients that take one for the wish that they stay away,
    // while a refused poll, like a WebSocket that ends, lets all of them come back.
    if (poll_ == Poll::waiting) {
        poll_.enter(Poll::away);
        effects.poll = queue_.empty() ? refusal(RequestError::unknown_sid) : text(take_payload());
    }
    const bool unread = transport_ == Transport::polling && !queue_.empty();
    end(reason, effects);
    if (unread) state_.enter(State::draining, now + kDrainTime);
}

void Session::on_time(Time now, Effects& effects) {
    switch (state_.value()) {
        case State::open:
            return beat(now, effects);
        case State::leaving:
            if (state_.over(now)) finish_leaving(effects);
            return;
        case State::draining:
            if (state_.over(now)) state_.enter(State::finished);
            return;
        case State::finished:
            return;
    }
}

void Session::beat(Time now, Effects& effects) {
    auto beat = heartbeat_.on_time(now);
    if (beat == Heartbeat::Beat::ping) {
        send(ping_frame(), effects);
        flush(now, effects);
        beat = heartbeat_.on_time(now);
    }
    if (beat == Heartbeat::Beat::dead) return end(CloseReason::ping_timeout, effects);
    if (poll_ == Poll::away && poll_.over(now)) return end(CloseReason::poll_timeout, effects);
    if (upgrade_ != Upgrade::none && upgrade_.over(now)) abandon_upgrade(now, effects);
    if (post_ == Post::held && post_.over(now)) {
        post_.enter(Post::none);
        effects.post = text("ok");
    }
    if (poll_ == Poll::waiting && poll_.over(now)) answer_waiting_poll(kNoop, now, effects);
}

Time Session::wake_at() const {
    if (state_ != State::open) return state_.until();
    return std::min({heartbeat_.wake_at(), upgrade_.until(), poll_.until(), post_.until()});
}

void Session::take(Packet packet, Time now, Effects& effects) {
    switch (packet.type) {
        case PacketType::message:
            effects.messages.push_back(std::move(packet));
            return;
        case PacketType::pong:
            heartbeat_.on_pong(now);
            return;
        case PacketType::close:
            leave(now, effects);
            return;
        case PacketType::ping:
        case PacketType::open:
            end(CloseReason::parse_error, effects);
            return;
        case PacketType::upgrade:
        case PacketType::noop:
            return;
    }
}

// The reference server upgrades at a 5 also when no probe went before it, and clients rely on that.
void Session::take_probe_frame(std::string_view data, bool binary, Time now, Effects& effects) {
    const auto packet = binary ? std::nullopt : decode(data);
    if (packet == Packet{PacketType::ping, false, std::string(kProbe)}) {
        probe(now, effects);
    } else if (packet && packet->type == PacketType::upgrade) {
        complete_upgrade(now, effects);
    } else {
        abandon_upgrade(now, effects);
    }
}

// The client says 5 when its poll is over. Until then polls go on delivering what comes.
void Session::probe(Time now, Effects& effects) {
    upgrade_.enter(Upgrade::probed, upgrade_.until());
    effects.frames.push_back(make_frame(PacketType::pong, kProbe));
    if (poll_ != Poll::waiting) return;
    answer_waiting_poll(queue_.empty() ? kNoop : take_payload(), now, effects);
}

void Session::complete_upgrade(Time now, Effects& effects) {
    transport_ = Transport::websocket;
    upgrade_.enter(Upgrade::none);
    if (poll_ == Poll::waiting) answer_waiting_poll(kNoop, now, effects);
    poll_.enter(Poll::away);
    for (SharedFrame& frame : queue_) effects.frames.push_back(std::move(frame));
    queue_ = {};
    queued_bytes_ = 0;
}

void Session::abandon_upgrade(Time now, Effects& effects) {
    upgrade_.enter(Upgrade::none);
    if (poll_ == Poll::waiting) poll_.enter(Poll::waiting);
    effects.close_websocket = true;
    flush(now, effects);
}

void Session::leave(Time now, Effects& effects) {
    if (transport_ == Transport::websocket) {
        end(CloseReason::client_close, effects);
        return;
    }
    if (poll_ == Poll::waiting) {
        answer_waiting_poll(kNoop, now, effects);
        end(CloseReason::client_close, effects);
        return;
    }
    state_.enter(State::leaving, now + kLeaveGrace);
}

void Session::finish_leaving(Effects& effects) {
    effects.post = text("ok");
    end(CloseReason::client_close, effects);
}

void Session::end(CloseReason reason, Effects& effects) {
    if (closed()) return;
    state_.enter(State::finished);
    if (poll_ == Poll::waiting) {
        poll_.enter(Poll::away);
        effects.poll = text(kClose);
    }
    if (transport_ == Transport::websocket || upgrade_ != Upgrade::none) {
        effects.close_websocket = true;
    }
    if (post_ == Post::held) effects.post = refusal(RequestError::unknown_sid);
    effects.closed = reason;
}

// A client that is there comes for its ping, and needs no longer than the answer to a ping may
// take.
void Session::expect_poll(Time now) {
    poll_.enter(Poll::away, now + settings_->ping_interval + settings_->ping_timeout);
}

void Session::answer_waiting_poll(std::string body, Time now, Effects& effects) {
    expect_poll(now);
    effects.poll = text(std::move(body));
}

std::string Session::take_payload() {
    std::string body;
    body.reserve(queued_bytes_ + queue_.size());
    for (const SharedFrame& frame : queue_) append_to_payload(body, *frame);
    queue_ = {};
    queued_bytes_ = 0;
    return body;
}

}  // namespace livechat::eio
