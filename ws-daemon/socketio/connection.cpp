#include "socketio/connection.hpp"

#include <algorithm>
#include <utility>

namespace livechat::sio {
namespace {

constexpr Time kNever = Time::max();

EventPacket to_event(Packet packet, std::vector<std::string> attachments) {
    EventPacket event;
    event.nsp = std::move(packet.nsp);
    const Json& name = packet.data.front();
    event.name = name.is_string() ? name.get<std::string>() : dump_json(name);
    packet.data.erase(packet.data.begin());
    event.args = std::move(packet.data);
    event.ack_id = packet.id;
    event.attachments = std::move(attachments);
    return event;
}

}  // namespace

std::string_view to_string(CloseReason reason) {
    switch (reason) {
        case CloseReason::parse_error:
            return "parse_error";
        case CloseReason::unexpected_binary:
            return "unexpected_binary";
        case CloseReason::missing_attachment:
            return "missing_attachment";
        case CloseReason::payload_too_large:
            return "payload_too_large";
        case CloseReason::not_connected:
            return "not_connected";
        case CloseReason::already_connected:
            return "already_connected";
        case CloseReason::too_many_namespaces:
            return "too_many_namespaces";
        case CloseReason::too_many_refusals:
            return "too_many_refusals";
        case CloseReason::connect_timeout:
            return "connect_timeout";
    }
    return "unknown";
}

Connection::Connection(Time now, std::chrono::milliseconds connect_timeout, InputBounds bounds)
    : bounds_(bounds), connect_by_(now + connect_timeout), connect_timeout_(connect_timeout) {}

Input Connection::on_text(std::string_view text) {
    if (incomplete_) return CloseReason::missing_attachment;
    auto packet = decode(text, bounds_.max_depth);
    if (!packet) return CloseReason::parse_error;
    if (packet->attachments > 0) {
        // Refused now: nothing is kept for a namespace that was not joined.
        const Membership* membership = find(packet->nsp);
        if (!membership || !membership->accepted) return CloseReason::not_connected;
        incomplete_ = std::move(packet);
        held_ = text.size();
        return std::monostate{};
    }
    return take(std::move(*packet), {});
}

Input Connection::on_binary(std::string data) {
    if (!incomplete_) return CloseReason::unexpected_binary;
    held_ += data.size();
    if (held_ > bounds_.max_payload) return CloseReason::payload_too_large;
    attachments_.push_back(std::move(data));
    if (attachments_.size() < incomplete_->attachments) return std::monostate{};
    Packet packet = std::move(*incomplete_);
    incomplete_.reset();
    held_ = 0;
    return take(std::move(packet), std::exchange(attachments_, {}));
}

std::optional<CloseReason> Connection::on_time(Time now) {
    if (now < connect_by_) return std::nullopt;
    if (namespaces_.empty()) {
        connect_by_ = kNever;
        return CloseReason::connect_timeout;
    }
    // The client did its part; the application has not answered yet.
    connect_by_ = now + connect_timeout_;
    return std::nullopt;
}

void Connection::accepted(std::string_view nsp) {
    if (Membership* membership = find(nsp)) {
        membership->accepted = true;
        connect_by_ = kNever;
    }
}

void Connection::refused(std::string_view nsp) {
    ++refusals_;
    left(nsp);
}

void Connection::left(std::string_view nsp) {
    std::erase_if(namespaces_, [&](const Membership& one) { return one.nsp == nsp; });
}

Input Connection::take(Packet packet, std::vector<std::string> attachments) {
    Membership* membership = find(packet.nsp);
    if (packet.type == PacketType::connect) {
        if (membership) return CloseReason::already_connected;
        if (namespaces_.size() >= kMaxNamespaces) return CloseReason::too_many_namespaces;
        if (refusals_ >= kMaxRefusals) return CloseReason::too_many_refusals;
        namespaces_.push_back({packet.nsp, false});
        return ConnectRequest{std::move(packet.nsp),
                              packet.data.is_null() ? Json::object() : std::move(packet.data)};
    }
    if (!membership) return CloseReason::not_connected;
    if (packet.type == PacketType::disconnect) {
        left(packet.nsp);
        return Leave{std::move(packet.nsp)};
    }
    if (!membership->accepted) return CloseReason::not_connected;
    if (packet.type == PacketType::ack || packet.type == PacketType::binary_ack) {
        return AckPacket{std::move(packet.nsp), *packet.id, std::move(packet.data),
                         std::move(attachments)};
    }
    return to_event(std::move(packet), std::move(attachments));
}

Connection::Membership* Connection::find(std::string_view nsp) {
    const auto found = std::ranges::find(namespaces_, nsp, &Membership::nsp);
    return found == namespaces_.end() ? nullptr : &*found;
}

}  // namespace livechat::sio
