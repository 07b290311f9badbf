#include "socketio/packet.hpp"

#include <algorithm>
#include <array>

namespace livechat::sio {
namespace {

constexpr std::array<std::string_view, 6> kReservedEvents{
    "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes the digits at the front; nullopt if there are none or the value is above `max`.
std::optional<std::uint64_t> take_number(std::string_view& text, std::uint64_t max) {
    if (text.empty() || !is_digit(text[0])) return std::nullopt;
    std::uint64_t value = 0;
    while (!text.empty() && is_digit(text[0])) {
        const auto digit = static_cast<std::uint64_t>(text[0] - '0');
        if (value > (max - digit) / 10) return std::nullopt;
        value = value * 10 + digit;
        text.remove_prefix(1);
    }
    return value;
}

bool is_binary(PacketType type) {
    return type == PacketType::binary_event || type == PacketType::binary_ack;
}

// Every placeholder must name an attachment. Recursion is bounded by kMaxDepth.
bool placeholders_fit(const Json& value, std::size_t attachments) {
    if (value.is_object()) {
        const auto mark = value.find("_placeholder");
        if (mark != value.end() && *mark == true) {
            const auto num = value.find("num");
            return num != value.end() && num->is_number_unsigned() &&
                   num->get<std::uint64_t>() < attachments;
        }
    }
    if (!value.is_structured()) return true;
    return std::ranges::all_of(
        value, [&](const Json& part) { return placeholders_fit(part, attachments); });
}

bool is_event(const Json& data) {
    if (!data.is_array() || data.empty()) return false;
    const Json& name = data.front();
    if (name.is_number()) return true;
    return name.is_string() &&
           std::ranges::find(kReservedEvents, name.get_ref<const std::string&>()) ==
               kReservedEvents.end();
}

bool payload_fits(const Packet& packet, bool has_payload) {
    switch (packet.type) {
        case PacketType::connect:
            return !has_payload || packet.data.is_object();
        case PacketType::disconnect:
            return !has_payload;
        case PacketType::event:
        case PacketType::binary_event:
            return is_event(packet.data);
        case PacketType::ack:
        case PacketType::binary_ack:
            return packet.data.is_array() && packet.id.has_value();
        case PacketType::connect_error:
            return false;  // only servers send it
    }
    return false;
}

std::string head(PacketType type,
                 std::size_t attachments,
                 std::string_view nsp,
                 std::optional<std::uint64_t> id) {
    std::string text(1, static_cast<char>('0' + static_cast<char>(type)));
    if (is_binary(type)) text += std::to_string(attachments) + '-';
    if (nsp != "/") {
        text += nsp;
        text += ',';
    }
    if (id) text += std::to_string(*id);
    return text;
}

PacketType with_attachments(PacketType type, std::size_t attachments) {
    if (attachments == 0) return type;
    return type == PacketType::event ? PacketType::binary_event : PacketType::binary_ack;
}

}  // namespace

std::optional<Packet> decode(std::string_view text, std::size_t max_depth) {
    if (text.empty() || text[0] < '0' || text[0] > '6') return std::nullopt;
    Packet packet;
    packet.type = static_cast<PacketType>(text[0] - '0');
    text.remove_prefix(1);

    if (is_binary(packet.type)) {
        const auto count = take_number(text, kMaxAttachments);
        if (!count || text.empty() || text[0] != '-') return std::nullopt;
        packet.attachments = *count;
        text.remove_prefix(1);
    }
    if (!text.empty() && text[0] == '/') {
        const auto comma = text.find(',');
        packet.nsp = text.substr(0, comma);
        if (packet.nsp.size() > kMaxNamespaceBytes || !is_utf8(packet.nsp)) return std::nullopt;
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    }
    if (!text.empty() && is_digit(text[0])) {
        packet.id = take_number(text, kMaxAckId);
        if (!packet.id) return std::nullopt;
    }
    if (!text.empty()) {
        auto data = parse_json(text, max_depth);
        if (!data) return std::nullopt;
        packet.data = std::move(*data);
    }
    if (!payload_fits(packet, !text.empty())) return std::nullopt;
    if (is_binary(packet.type) && !placeholders_fit(packet.data, packet.attachments)) {
        return std::nullopt;
    }
    return packet;
}

std::string encode(const Packet& packet) {
    std::string text = head(packet.type, packet.attachments, packet.nsp, packet.id);
    if (!packet.data.is_null()) text += dump_json(packet.data);
    return text;
}

std::string encode_connect(std::string_view nsp, std::string_view sid, std::string_view pid) {
    Json data{{"sid", sid}};
    if (!pid.empty()) data["pid"] = pid;
    return head(PacketType::connect, 0, nsp, {}) + dump_json(data);
}

std::string encode_connect_error(std::string_view nsp, std::string_view message, const Json& data) {
    Json error{{"message", message}};
    if (!data.is_null()) error["data"] = data;
    return head(PacketType::connect_error, 0, nsp, {}) + dump_json(error);
}

std::string encode_disconnect(std::string_view nsp) {
    return head(PacketType::disconnect, 0, nsp, {});
}

std::string encode_event(std::string_view nsp,
                         std::string_view name,
                         const Json& args,
                         std::size_t attachments,
                         std::optional<std::uint64_t> id) {
    std::string text = head(with_attachments(PacketType::event, attachments), attachments, nsp, id);
    text += '[' + dump_json(Json(name));
    for (const Json& arg : args) text += ',' + dump_json(arg);
    return text + ']';
}

std::string encode_ack(std::string_view nsp,
                       std::uint64_t id,
                       const Json& args,
                       std::size_t attachments) {
    return head(with_attachments(PacketType::ack, attachments), attachments, nsp, id) +
           dump_json(args);
}

std::string encode_broadcast(std::string_view nsp,
                             std::string_view name,
                             std::string_view data,
                             std::string_view offset) {
    std::string text = head(PacketType::event, 0, nsp, {});
    text += '[' + dump_json(Json(name)) + ',';
    text += data;
    if (!offset.empty()) text += ',' + dump_json(Json(offset));
    return text + ']';
}

}  // namespace livechat::sio
