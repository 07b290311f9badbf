// A WebSocket on a stream: whole messages in and out, the closing handshake (RFC 6455, section 7).
#pragma once

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
        // The WebSocket is over (its side of it; nothing can be sent). reason: why, for metrics.
        virtual void on_ws_gone(WebSocket& socket, std::string_view reason) = 0;

      protected:
        ~Owner() = default;
    };

    WebSocket(Stream& stream, WebSocketCodec codec) : stream_(stream), codec_(std::move(codec)) {}
    ~WebSocket() override { gone("transport_close"); }

    // Null: nobody, and what comes is dropped.
    void set_owner(Owner* owner) { owner_ = owner; }
    // A frame that is framed already, or a bare text packet.
    void send(const eio::SharedFrame& frame);
    void ping() { send(make_frame(Opcode::ping, {})); }
    // The closing handshake; the owner hears nothing more.
    void close(std::uint16_t code, std::string_view reason);

    void on_bytes(std::span<char> bytes) override;
    void on_end() override { gone("transport_close"); }
    void on_overflow() override { gone("slow_reader"); }
    void on_stream_deadline() override { stream_.finish(); }
    std::size_t queued() const { return stream_.queued(); }

  private:
    void take(WebSocketMessage message);
    void gone(std::string_view reason);

    Stream& stream_;
    WebSocketCodec codec_;
    Owner* owner_ = nullptr;
    bool close_sent_ = false;
};

}  // namespace livechat::transport
