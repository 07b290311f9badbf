// One connected peer as an application sees it: a Socket.IO client in one namespace, or a program
// on the plain WebSocket endpoint. The transport implements it; the gateway (and the echo server of
// the conformance tests) uses it. Event loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "hub/sink.hpp"

namespace livechat::app {

using Json = nlohmann::ordered_json;  // keeps the order of keys

// Binary attachments of an event or an answer; the arguments hold {"_placeholder":true,"num":i}.
using Attachments = std::vector<std::string>;

// What an application keeps for a socket; destroyed with it.
struct SocketState {
    virtual ~SocketState() = default;
};

class Socket : public hub::Sink, public std::enable_shared_from_this<Socket> {
  public:
    // Answer the CONNECT that Application::on_connect was told of: once, then or later, and before
    // anything is emitted: stock clients do not hand on events that come before the answer. pid:
    // the secret that names a recoverable session; empty: none.
    virtual void accept(std::string_view pid = {}) = 0;
    // "connect_error" at the client, with this message and, unless null, err.data. The socket is
    // over.
    virtual void refuse(std::string_view message, const Json& data = nullptr) = 0;

    // args: an array, the event's arguments after its name.
    virtual void emit(std::string_view event, const Json& args, Attachments attachments = {}) = 0;
    // The same, and asks the client to acknowledge it: on_ack is called with the arguments of the
    // answer, or never. No more than 1,000 may be unanswered at one socket.
    using AckHandler = std::function<void(const Json& args, Attachments attachments)>;
    virtual void emit_with_ack(std::string_view event, const Json& args, AckHandler on_ack) = 0;
    // Answers the event that came with this id. An id that was answered or never asked is ignored.
    virtual void acknowledge(std::uint64_t ack_id,
                             const Json& args,
                             Attachments attachments = {}) = 0;

    // Socket.IO: leaves the namespace ("io server disconnect" at the client, which then does not
    // reconnect by itself). close_connection: also ends the connection below, after which the
    // client reconnects and resumes. reason: for logs and metrics.
    virtual void disconnect(bool close_connection, std::string_view reason) = 0;

    // Bytes that wait for the peer to read them. Beyond wsd.max_write_buffer the socket is closed
    // as slow: who has much to send that can wait, looks here first, or at has_room().
    virtual std::size_t queued() const = 0;

    // The peer has turned out to be one of the staff, and may send as fast as it likes.
    virtual void lift_limits() {}

    // False once the peer has gone; everything above is then a no-op.
    virtual bool connected() const = 0;

    std::unique_ptr<SocketState> state;
};

}  // namespace livechat::app
