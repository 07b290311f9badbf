// One Socket.IO v5 connection, whatever carries it: its namespaces, the reassembly of binary
// packets and every rule on which packet may come when (docs/protocol.md, "Socket.IO"). It touches
// no socket and no clock. Not thread-safe; one thread owns it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "socketio/packet.hpp"

namespace livechat::sio {

using Time = std::chrono::steady_clock::time_point;

// Why the connection must be closed.
enum class CloseReason : std::uint8_t {
    parse_error,          // a malformed packet
    unexpected_binary,    // binary that no packet announced
    missing_attachment,   // text while attachments are due
    payload_too_large,    // attachments that together are larger than a message may be
    not_connected,        // a packet for a namespace that was not joined
    already_connected,    // a second CONNECT to a namespace
    too_many_namespaces,  // joined or being joined at once
    too_many_refusals,    // a CONNECT after so many that were refused
    connect_timeout,      // no CONNECT in time
};

std::string_view to_string(CloseReason reason);

// What an input means for the layer above.
struct ConnectRequest {
    std::string nsp;
    Json auth;  // {} if the client sent none
};
struct EventPacket {
    std::string nsp;
    std::string name;
    Json args;  // an array, without the name
    std::optional<std::uint64_t> ack_id;
    std::vector<std::string> attachments;
};
struct AckPacket {
    std::string nsp;
    std::uint64_t id = 0;
    Json args;
    std::vector<std::string> attachments;
};
struct Leave {
    std::string nsp;
};
// monostate: more is to come (attachments). CloseReason: the peer broke the protocol.
using Input =
    std::variant<std::monostate, ConnectRequest, EventPacket, AckPacket, Leave, CloseReason>;

struct InputBounds {
    std::size_t max_payload = 1'000'000;  // bytes of a packet with all its attachments
    std::size_t max_depth = kMaxDepth;    // of its JSON
};

class Connection {
  public:
    static constexpr std::size_t kMaxNamespaces = 16;
    // A client that was refused needs another token, not another try: this many mistakes are
    // forgiven. Who goes on has to come over a new connection, where addresses are counted.
    static constexpr std::size_t kMaxRefusals = 8;

    // A namespace must be accepted within connect_timeout (milliseconds).
    Connection(Time now, std::chrono::milliseconds connect_timeout, InputBounds bounds = {});

    Input on_text(std::string_view text);
    Input on_binary(std::string data);
    // To be called at wake_at() or later.
    std::optional<CloseReason> on_time(Time now);
    Time wake_at() const { return connect_by_; }
    // Bytes of a packet whose attachments have not all come.
    std::size_t held() const { return held_; }

    // What became of a ConnectRequest. Refused covers namespaces that do not exist.
    void accepted(std::string_view nsp);
    void refused(std::string_view nsp);
    // The server leaves the namespace.
    void left(std::string_view nsp);

  private:
    struct Membership {
        std::string nsp;
        bool accepted = false;
    };

    Input take(Packet packet, std::vector<std::string> attachments);
    Membership* find(std::string_view nsp);

    std::vector<Membership> namespaces_;
    std::size_t refusals_ = 0;
    std::optional<Packet> incomplete_;  // waits for attachments
    std::vector<std::string> attachments_;
    std::size_t held_ = 0;
    InputBounds bounds_;
    Time connect_by_;
    std::chrono::milliseconds connect_timeout_;
};

}  // namespace livechat::sio
