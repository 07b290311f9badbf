// A client of the plain WebSocket endpoint (docs/protocol.md, "Plain WebSocket"): JSON arrays,
// ["event", data] and ["event", data, n], answered by ["ack", n, data].
//
// Who the client is may stand in the request that opened it, or in its first frame,
// ["auth", {"token"}]: a web page cannot set headers.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/application.hpp"
#include "engineio/heartbeat.hpp"
#include "transport/loop.hpp"
#include "transport/websocket.hpp"

namespace livechat::transport {

inline constexpr std::string_view kPlainSubprotocol = "livechat.v1.json";

// A frame of a plain client; nullopt: not one, or nested deeper than max_depth.
std::optional<app::Event> decode_plain(std::string_view text, std::size_t max_depth = 512);

class PlainSocket final : public app::Socket, public WebSocket::Owner, public Timed {
  public:
    class Registry {
      public:
        virtual void forget(PlainSocket& socket) = 0;

      protected:
        ~Registry() = default;
    };

    PlainSocket(std::shared_ptr<Loop> loop,
                Registry& registry,
                app::Application& application,
                const Settings& settings,
                WebSocket& socket,
                app::Handshake handshake);
    // Tells the application of the client, once; auth: as in a Socket.IO CONNECT. Without a call
    // the client's first frame decides.
    void introduce(const app::Json& auth);
    // Ends it so that the client comes back.
    void shut_down(std::string_view reason) { close(close_code::going_away, reason); }
    ~PlainSocket() override;

    void accept(std::string_view pid) override;
    void refuse(std::string_view message, const app::Json& data) override;
    void emit(std::string_view event, const app::Json& args, app::Attachments attachments) override;
    void emit_with_ack(std::string_view event, const app::Json& args, AckHandler on_ack) override;
    void acknowledge(std::uint64_t ack_id,
                     const app::Json& args,
                     app::Attachments attachments) override;
    void disconnect(bool close_connection, std::string_view reason) override;
    std::size_t queued() const override { return socket_ ? socket_->queued() : 0; }
    bool has_room() const override { return settings_.has_room(queued()); }
    bool connected() const override { return socket_ != nullptr; }
    void lift_limits() override { rate_.lift(); }
    void deliver(const hub::SharedBroadcast& broadcast) override;

    void on_ws_message(std::string data, bool binary) override;
    void on_ws_pong() override;
    Time on_ws_read(std::size_t messages, std::size_t bytes) override;
    std::size_t held() const override { return early_bytes_; }
    void on_ws_gone(WebSocket& socket, std::string_view reason) override;

  private:
    // How far the client has got; unknown: until it must have said who it is.
    enum class Stage : std::uint8_t { unknown, introduced, accepted, refused };

    void on_deadline(Time now) override;
    void settle_deadline();
    void take(app::Event event, std::size_t bytes);
    void send(std::string_view text);
    void close(std::uint16_t code, std::string_view reason);
    void finish(std::string_view reason);

    std::shared_ptr<Loop> loop_;
    Registry& registry_;
    app::Application& application_;
    const Settings& settings_;
    WebSocket* socket_;  // null: over
    app::Handshake handshake_;
    std::deque<app::Event> early_;  // came before accept()
    std::size_t early_bytes_ = 0;
    std::optional<std::uint64_t> auth_ack_;  // asked for with the first frame
    eio::TimedState<Stage> stage_;
    eio::Heartbeat heartbeat_;
    eio::InputRate rate_;
};

}  // namespace livechat::transport
