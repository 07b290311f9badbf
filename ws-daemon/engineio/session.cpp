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
      heartbeat_at_(now + settings.ping_interval),
      transport_(transport) {}

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
        state_ = State::finished;
    } else if (state_ == State::finished) {
        effects.request = refusal(RequestError::unknown_sid);
    } else if (transport_ == Transport::websocket) {
        effects.request = refusal(RequestError::bad_request);
    } else if (poll_waiting_) {
        end(CloseReason::poll_overlap, effects);
        effects.request = refusal(RequestError::bad_request);
    } else if (upgrade_ == Upgrade::probed) {
        effects.request = text(kNoop);
    } else if (!queue_.empty()) {
        effects.request = text(take_payload());
    } else {
        poll_waiting_ = true;
    }
}

void Session::on_poll_gone(Effects& effects) {
    if (!poll_waiting_) return;
    poll_waiting_ = false;
    end(CloseReason::transport_close, effects);
}

void Session::on_post_head(Time now, std::size_t content_length, Effects& effects) {
    on_time(now, effects);
    if (closed() || state_ == State::leaving) {
        effects.request = refusal(RequestError::unknown_sid);
    } else if (transport_ == Transport::websocket) {
        effects.request = refusal(RequestError::bad_request);
    } else if (post_pending_) {
        end(CloseReason::post_overlap, effects);
        effects.request = refusal(RequestError::bad_request);
    } else if (content_length > settings_->max_payload) {
        end(CloseReason::payload_too_large, effects);
        effects.request = Answer{413, false, "payload too large"};
    } else {
        post_pending_ = true;
    }
}

void Session::on_post_body(std::string_view body, Time now, Effects& effects) {
    on_time(now, effects);
    if (!post_pending_ || closed()) {
        effects.request = refusal(RequestError::unknown_sid);
        return;
    }
    post_pending_ = false;
    auto packets = decode_payload(body, settings_->max_packets);
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

bool Session::on_websocket(Time now) {
    if (state_ != State::open || transport_ != Transport::polling) return false;
    if (upgrade_ != Upgrade::none) return false;
    upgrade_ = Upgrade::attached;
    transition_at_ = now + settings_->upgrade_timeout;
    return true;
}

void Session::on_frame(std::string data, bool binary, Time now, Effects& effects) {
    on_time(now, effects);
    if (closed()) return;
    if (transport_ == Transport::polling) {
        if (upgrade_ != Upgrade::none) take_probe_frame(data, binary, effects);
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

void Session::on_websocket_gone(Effects& effects) {
    if (transport_ == Transport::websocket) {
        end(CloseReason::transport_close, effects);
        effects.close_websocket = false;
    } else {
        upgrade_ = Upgrade::none;
        if (state_ == State::open) transition_at_ = kNever;
        flush(effects);
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

void Session::flush(Effects& effects) {
    if (poll_waiting_ && upgrade_ != Upgrade::probed && !queue_.empty()) {
        answer_waiting_poll(take_payload(), effects);
    }
}

void Session::close(CloseReason reason, Time now, Effects& effects) {
    if (closed()) return;
    // Without a close packet: there are clients that take one for the wish that they stay away,
    // while a refused poll, like a WebSocket that ends, lets all of them come back.
    if (poll_waiting_) {
        poll_waiting_ = false;
        effects.poll = queue_.empty() ? refusal(RequestError::unknown_sid) : text(take_payload());
    }
    const bool unread = transport_ == Transport::polling && !queue_.empty();
    end(reason, effects);
    if (unread) {
        state_ = State::draining;
        transition_at_ = now + kDrainTime;
    }
}

void Session::on_time(Time now, Effects& effects) {
    if (state_ == State::draining) {
        if (now >= transition_at_) state_ = State::finished;
        return;
    }
    if (state_ == State::leaving) {
        if (now >= transition_at_) finish_leaving(effects);
        return;
    }
    if (state_ == State::finished) return;

    if (now >= heartbeat_at_ && !pong_due_) {
        // Counted from when the ping was due, not from when we got to it: a late wake-up must not
        // give the peer more time than it was told.
        heartbeat_at_ += settings_->ping_timeout;
        pong_due_ = true;
        send(ping_frame(), effects);
        flush(effects);
    }
    if (now >= heartbeat_at_ && pong_due_) {
        end(CloseReason::ping_timeout, effects);
        return;
    }
    if (upgrade_ != Upgrade::none && now >= transition_at_) abandon_upgrade(effects);
}

Time Session::wake_at() const {
    switch (state_) {
        case State::open:
            return std::min(heartbeat_at_, transition_at_);
        case State::leaving:
        case State::draining:
            return transition_at_;
        case State::finished:
            return kNever;
    }
    return kNever;
}

void Session::take(Packet packet, Time now, Effects& effects) {
    switch (packet.type) {
        case PacketType::message:
            effects.messages.push_back(std::move(packet));
            return;
        case PacketType::pong:
            pong_due_ = false;
            heartbeat_at_ = now + settings_->ping_interval;
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

void Session::take_probe_frame(std::string_view data, bool binary, Effects& effects) {
    const auto packet = binary ? std::nullopt : decode(data);
    if (packet == Packet{PacketType::ping, false, std::string(kProbe)}) {
        upgrade_ = Upgrade::probed;
        effects.frames.push_back(make_frame(PacketType::pong, kProbe));
        if (poll_waiting_) answer_waiting_poll(kNoop, effects);
    } else if (packet && packet->type == PacketType::upgrade && upgrade_ == Upgrade::probed) {
        complete_upgrade(effects);
    } else {
        abandon_upgrade(effects);
    }
}

void Session::complete_upgrade(Effects& effects) {
    transport_ = Transport::websocket;
    upgrade_ = Upgrade::none;
    transition_at_ = kNever;
    if (poll_waiting_) answer_waiting_poll(kNoop, effects);
    for (SharedFrame& frame : queue_) effects.frames.push_back(std::move(frame));
    queue_ = {};
    queued_bytes_ = 0;
}

void Session::abandon_upgrade(Effects& effects) {
    upgrade_ = Upgrade::none;
    transition_at_ = kNever;
    effects.close_websocket = true;
    flush(effects);
}

void Session::leave(Time now, Effects& effects) {
    if (transport_ == Transport::websocket) {
        end(CloseReason::client_close, effects);
        return;
    }
    if (poll_waiting_) {
        answer_waiting_poll(kNoop, effects);
        end(CloseReason::client_close, effects);
        return;
    }
    state_ = State::leaving;
    transition_at_ = now + kLeaveGrace;
}

void Session::finish_leaving(Effects& effects) {
    effects.post = text("ok");
    state_ = State::open;
    end(CloseReason::client_close, effects);
}

void Session::end(CloseReason reason, Effects& effects) {
    if (closed()) return;
    state_ = State::finished;
    if (poll_waiting_) answer_waiting_poll(kClose, effects);
    if (transport_ == Transport::websocket || upgrade_ != Upgrade::none) {
        effects.close_websocket = true;
    }
    effects.closed = reason;
}

void Session::answer_waiting_poll(std::string body, Effects& effects) {
    poll_waiting_ = false;
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
