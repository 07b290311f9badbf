// The seam between an Engine.IO session and what speaks over it: Socket.IO, or an echo of plain
// messages. Event loop thread only.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "app/application.hpp"
#include "engineio/packet.hpp"
#include "transport/deadlines.hpp"

namespace livechat::transport {

// A session, as its channel sees it.
class Carrier {
  public:
    // A whole message, framed by make_frame(). Never calls back.
    virtual void send(eio::SharedFrame frame) = 0;
    // Ends the session soon, from the event loop. reason: for the application, logs and metrics.
    virtual void close(std::string_view reason) = 0;
    // Bytes that the peer has not taken yet.
    virtual std::size_t queued() const = 0;
    // As hub::Sink::has_room.
    virtual bool has_room() const = 0;
    virtual const app::Handshake& handshake() const = 0;
    // The peer may send as fast as it likes from here on.
    virtual void lift_limits() = 0;
    // What the channel's next_deadline() says has changed.
    virtual void reschedule() = 0;

  protected:
    ~Carrier() = default;
};

class Channel {
  public:
    virtual ~Channel() = default;

    virtual void on_message(std::string data, bool binary) = 0;
    virtual void on_close(std::string_view reason) = 0;
    virtual Time next_deadline() const { return Time::max(); }
    // Bytes of a message whose other parts have not come.
    virtual std::size_t held() const { return 0; }
    virtual void on_time(Time) {}
};

class ChannelFactory {
  public:
    virtual ~ChannelFactory() = default;
    // A reason to refuse the handshake, or none.
    virtual std::optional<app::Refusal> refuse_handshake(const app::Handshake&) { return {}; }
    virtual std::unique_ptr<Channel> open(Carrier& carrier) = 0;
};

}  // namespace livechat::transport
