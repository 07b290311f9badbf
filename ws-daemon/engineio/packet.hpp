// Engine.IO v4 packets and their forms on the wire (docs/protocol.md, "Engine.IO").
// Pure functions over bytes: no socket, clock or log, so every rule here is a unit test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace livechat::eio {

// The enumerator's value is the digit on the wire.
enum class PacketType : std::uint8_t { open, close, ping, pong, message, upgrade, noop };

struct Packet {
    PacketType type = PacketType::noop;
    bool binary = false;  // of messages only; its data are the raw bytes
    std::string data;

    bool operator==(const Packet&) const = default;
};

// A text packet <-> one WebSocket text frame. (A binary message is a binary frame as it stands.)
// nullopt means that the peer broke the protocol: close its session.
std::string encode(const Packet& packet);
std::optional<Packet> decode(std::string_view frame);

// Several packets <-> one long-polling body, joined by 0x1e; binary messages are 'b' and base64.
// A body of more than max_packets is refused before any is decoded, so that
// one small request cannot make us allocate without bound.
std::string encode_payload(std::span<const Packet> packets);
std::optional<std::vector<Packet>> decode_payload(std::string_view body, std::size_t max_packets);

// An encoded packet on its way out, shared by every session that sends it. The first `headroom`
// bytes belong to the layer below (the WebSocket's frame header), so that one buffer serves both
// transports; 0 means that it has not been framed yet.
struct Frame {
    std::string bytes;
    std::size_t headroom = 0;
    bool binary = false;

    std::string_view packet() const { return std::string_view(bytes).substr(headroom); }
};

using SharedFrame = std::shared_ptr<const Frame>;

// Adds an encoded packet to a polling body.
void append_to_payload(std::string& body, const Frame& frame);

}  // namespace livechat::eio
