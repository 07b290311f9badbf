// Socket.IO v5 packets and their text form, <type>[<n>-][/nsp,][ackid][json]
// (docs/protocol.md, "Socket.IO"). Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "socketio/json.hpp"

namespace livechat::sio {

// The enumerator's value is the digit on the wire.
enum class PacketType : std::uint8_t {
    connect,
    disconnect,
    event,
    ack,
    connect_error,
    binary_event,
    binary_ack,
};

inline constexpr std::size_t kMaxAttachments = 10;
inline constexpr std::size_t kMaxNamespaceBytes = 256;
inline constexpr std::uint64_t kMaxAckId = (std::uint64_t{1} << 53) - 1;

struct Packet {
    PacketType type = PacketType::event;
    std::string nsp = "/";
    std::optional<std::uint64_t> id;
    Json data;                    // null: none
    std::size_t attachments = 0;  // binary frames that follow

    bool operator==(const Packet&) const = default;
};

// nullopt: no packet that a client may send, for its form or for what is in it (the payload that
// its type asks for, reserved event names, placeholders that name no attachment, JSON that is
// nested deeper than max_depth).
std::optional<Packet> decode(std::string_view text, std::size_t max_depth = kMaxDepth);

std::string encode(const Packet& packet);

std::string encode_connect(std::string_view nsp, std::string_view sid, std::string_view pid);
std::string encode_connect_error(std::string_view nsp, std::string_view message, const Json& data);
std::string encode_disconnect(std::string_view nsp);
// args: an array. id: asks for an acknowledgement.
std::string encode_event(std::string_view nsp,
                         std::string_view name,
                         const Json& args,
                         std::size_t attachments = 0,
                         std::optional<std::uint64_t> id = {});
std::string encode_ack(std::string_view nsp,
                       std::uint64_t id,
                       const Json& args,
                       std::size_t attachments = 0);
// An event of one argument that is JSON already, and unless it is empty, the offset behind it.
std::string encode_broadcast(std::string_view nsp,
                             std::string_view name,
                             std::string_view data,
                             std::string_view offset);

}  // namespace livechat::sio
