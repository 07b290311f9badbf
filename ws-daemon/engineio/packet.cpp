#include "engineio/packet.hpp"

#include <algorithm>

#include "engineio/base64.hpp"

namespace livechat::eio {
namespace {

constexpr char kSeparator = '\x1e';
constexpr char kLastDigit = '0' + static_cast<char>(PacketType::noop);
constexpr char kBinaryMark = 'b';

std::optional<Packet> decode_from_payload(std::string_view text) {
    if (text.empty() || text[0] != kBinaryMark) return decode(text);
    auto bytes = from_base64(text.substr(1));
    if (!bytes) return std::nullopt;
    return Packet{PacketType::message, true, std::move(*bytes)};
}

void append(std::string& body, bool binary, std::string_view packet) {
    if (!body.empty()) body += kSeparator;
    if (binary) {
        body += kBinaryMark;
        append_base64(body, packet);
    } else {
        body += packet;
    }
}

}  // namespace

std::string encode(const Packet& packet) {
    return static_cast<char>('0' + static_cast<char>(packet.type)) + packet.data;
}

std::optional<Packet> decode(std::string_view frame) {
    if (frame.empty() || frame[0] < '0' || frame[0] > kLastDigit) return std::nullopt;
    return Packet{static_cast<PacketType>(frame[0] - '0'), false, std::string(frame.substr(1))};
}

std::string encode_payload(std::span<const Packet> packets) {
    std::string body;
    for (const Packet& packet : packets) {
        append(body, packet.binary, packet.binary ? packet.data : encode(packet));
    }
    return body;
}

std::optional<std::vector<Packet>> decode_payload(std::string_view body, std::size_t max_packets) {
    const auto separators = std::ranges::count(body, kSeparator);
    if (static_cast<std::size_t>(separators) >= max_packets) return std::nullopt;

    std::vector<Packet> packets;
    packets.reserve(static_cast<std::size_t>(separators) + 1);
    for (;;) {
        const auto end = body.find(kSeparator);
        auto packet = decode_from_payload(body.substr(0, end));
        if (!packet) return std::nullopt;
        packets.push_back(std::move(*packet));
        if (end == std::string_view::npos) return packets;
        body.remove_prefix(end + 1);
    }
}

void append_to_payload(std::string& body, const Frame& frame) {
    append(body, frame.binary, frame.packet());
}

}  // namespace livechat::eio
