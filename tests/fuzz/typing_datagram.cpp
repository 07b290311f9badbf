// A datagram that says that someone types: what is taken must be what another daemon can have
// sent.
#include "domain/rules.hpp"
#include "gateway/typing_relay.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace livechat;
    const Limits limits;
    const auto relayed = gateway::decode_typing(as_text(data, size), limits);
    if (!relayed) return 0;
    require(rules::check_client_id(relayed->payload.client_id, limits).has_value());
    const auto again =
        gateway::decode_typing(gateway::encode_typing(relayed->daemon, relayed->payload), limits);
    require(again && again->daemon == relayed->daemon);
    require(again->payload.client_id == relayed->payload.client_id);
    require(again->payload.is_typing == relayed->payload.is_typing);
    require(again->payload.sender == relayed->payload.sender);
    return 0;
}
