#include "transport/websocket.hpp"

#include <utility>

namespace livechat::transport {
namespace {

constexpr std::chrono::milliseconds kCloseHandshake{2000};

// The peer's close frame is answered with its own code (RFC 6455, section 5.5.1). Codes that must
// not appear on the wire, and payloads of one byte, are answered as the errors that they are.
std::uint16_t answer_to_close(std::string_view payload) {
    if (payload.empty()) return 0;
    if (payload.size() == 1) return close_code::protocol_error;
    const auto code = static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8 |
                                                 static_cast<unsigned char>(payload[1]));
    const bool reserved = code < 1000 || (code >= 1004 && code <= 1006) ||
                          (code >= 1012 && code < 3000) || code >= 5000;
    return reserved ? close_code::protocol_error : code;
}

std::string_view name_of(std::uint16_t error) {
    if (error == close_code::message_too_big) return "payload_too_large";
    return "websocket_error";
}

std::string words_for(std::uint16_t error, std::size_t max_message) {
    if (error != close_code::message_too_big) return {};
    return "payload_too_large: a message has at most " + std::to_string(max_message) + " bytes";
}

}  // namespace

void WebSocket::send(const eio::SharedFrame& frame) {
    if (side_ == Side::closed) return;
    stream_.write(frame->headroom > 0 ? frame : make_frame(Opcode::text, frame->packet()));
}

void WebSocket::close(std::uint16_t code, std::string_view reason) {
    owner_ = nullptr;
    send_close(code, reason);
}

void WebSocket::send_close(std::uint16_t code, std::string_view reason) {
    if (side_ == Side::closed) return;
    side_.enter(Side::closed, Loop::now() + kCloseHandshake);
    stream_.write(make_close_frame(code, reason));
}

void WebSocket::on_bytes(std::span<char> bytes) {
    const std::size_t size = bytes.size();
    std::size_t messages = 0;
    while (auto message = codec_.next(bytes)) {
        ++messages;
        take(std::move(*message));
    }
    if (codec_.error() == 0) return read(messages, size);
    gone(name_of(codec_.error()));
    send_close(codec_.error(), words_for(codec_.error(), max_message_));
    stream_.finish();
}

void WebSocket::read(std::size_t messages, std::size_t bytes) {
    if (!owner_) return;
    const Time until = owner_->on_ws_read(messages, bytes);
    if (until <= Loop::now()) return;
    reading_.enter(Reading::paused, until);
    stream_.pause_reading();
}

void WebSocket::on_stream_deadline() {
    const Time now = Loop::now();
    if (side_.over(now)) return stream_.finish();
    if (!reading_.over(now)) return;
    reading_.enter(Reading::on);
    stream_.resume_reading();
}

void WebSocket::on_overload() {
    gone("overloaded");
    send_close(close_code::try_again_later, "overloaded: too much has come in half");
    stream_.finish();
}

void WebSocket::take(WebSocketMessage message) {
    switch (message.opcode) {
        case Opcode::text:
        case Opcode::binary:
            if (owner_) {
                owner_->on_ws_message(std::move(message.data), message.opcode == Opcode::binary);
            }
            return;
        case Opcode::ping:
            send(make_frame(Opcode::pong, message.data));
            return;
        case Opcode::pong:
            if (owner_) owner_->on_ws_pong();
            return;
        case Opcode::close:
            send_close(answer_to_close(message.data), {});
            gone("transport_close");
            stream_.finish();
            return;
    }
}

void WebSocket::gone(std::string_view reason) {
    if (auto* owner = std::exchange(owner_, nullptr)) owner->on_ws_gone(*this, reason);
}

}  // namespace livechat::transport
