#include "gateway/typing_relay.hpp"

#include "base/json.hpp"
#include "domain/rules.hpp"

namespace livechat::gateway {

std::string encode_typing(std::string_view daemon, const TypingPayload& payload) {
    std::string datagram = "[";
    append_json_string(datagram, daemon);
    datagram += ',';
    append_json_string(datagram, payload.client_id);
    datagram += payload.is_typing ? ",true," : ",false,";
    append_json_string(datagram, to_string(payload.sender));
    datagram += ']';
    return datagram;
}

std::optional<RelayedTyping> decode_typing(std::string_view datagram, const Limits& limits) {
    const auto json = parse_json(datagram);
    if (!json || !json->is_array() || json->size() != 4) return std::nullopt;
    const auto& daemon = (*json)[0];
    const auto& client_id = (*json)[1];
    const auto& is_typing = (*json)[2];
    const auto& sender = (*json)[3];
    const bool kinds =
        daemon.is_string() && client_id.is_string() && is_typing.is_boolean() && sender.is_string();
    if (!kinds) return std::nullopt;
    RelayedTyping relayed{daemon, {client_id, is_typing, Side::client}};
    const auto side = rules::parse_side(sender.get_ref<const std::string&>());
    if (!side || !rules::check_client_id(relayed.payload.client_id, limits)) return std::nullopt;
    relayed.payload.sender = *side;
    return relayed;
}

}  // namespace livechat::gateway
