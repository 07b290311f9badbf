// A WebSocket on a stream: whole messages in and out, the closing handshake (RFC 6455, section 7).
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "transport/stream.hpp"
#include "transport/websocket_codec.hpp"

namespace livechat::transport {

class WebSocket final : public StreamHandler {
  public:
    class Owner {
      public:
        virtual void on_ws_message(std::string data, bool binary) = 0;
        virtual void on_ws_pong() {}
        // After what was read has been handled: until when nothing more is to be read.
        virtual Time on_ws_read(std::size_t messages, std::size_t bytes) = 0;
        // Bytes of messages that it cannot handle yet.
        virtual std::size_t held() const { return 0; }
        // The WebSocket is over (its side of it; nothing can be sent). reason: why, for metrics.
        virtual void on_ws_gone(WebSocket& socket, std::string_view reason) = 0;

      protected:
        ~Owner() = default;
    };

    // max_message: what the codec was made with, to tell a peer that sends more.
    WebSocket(Stream& stream, WebSocketCodec codec, std::size_t max_message)
        : stream_(stream), codec_(std::move(codec)), max_message_(max_message) {}
    ~WebSocket() override { gone("transport_close"); }

    // Null: what comes is dropped.
    void set_owner(Owner* owner) { owner_ = owner; }
    // A frame that is framed already, or a bare text packet.
    void send(const eio::SharedFrame& frame);
    void ping() { send(make_frame(Opcode::ping, {})); }
    // The closing handshake; the owner hears nothing more.
    void close(std::uint16_t code, std::string_view reason);

    void on_bytes(std::span<char> bytes) override;
    void on_end() override { gone("transport_close"); }
    void on_overflow() override { gone("slow_reader"); }
    Time deadline() const override { return std::min(side_.until(), reading_.until()); }
    std::size_t held() const override { return codec_.held() + (owner_ ? owner_->held() : 0); }
    void on_overload() override;
    void on_stream_deadline() override;
    std::size_t queued() const { return stream_.queued(); }

  private:
    enum class Side : std::uint8_t { open, closed };
    enum class Reading : std::uint8_t { on, paused };

    void read(std::size_t messages, std::size_t bytes);
    void take(WebSocketMessage message);
    void send_close(std::uint16_t code, std::string_view reason);
    void gone(std::string_view reason);

    Stream& stream_;
    WebSocketCodec codec_;
    std::size_t max_message_;
    Owner* owner_ = nullptr;
    eio::TimedState<Side> side_{Side::open};  // ours; closed: until the peer closes, too
    eio::TimedState<Reading> reading_{Reading::on};
};

}  // namespace livechat::transport
