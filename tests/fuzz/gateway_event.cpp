// The arguments of an event, as every reader of the gateway takes them: what a reader lets through
// keeps the rules.
#include "domain/rules.hpp"
#include "gateway/payload.hpp"
#include "gateway/typing_relay.hpp"
#include "input.hpp"
#include "socketio/json.hpp"

namespace {

using namespace livechat;

void check_typing(const gateway::TypingPayload& typing, const Limits& limits) {
    const auto datagram = gateway::encode_typing("a", typing);
    require(datagram.size() <= gateway::kMaxTypingDatagram);
    const auto relayed = gateway::decode_typing(datagram, limits);
    require(relayed && relayed->payload.client_id == typing.client_id);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto args = sio::parse_json(as_text(data, size));
    if (!args || !args->is_array()) return 0;
    const Limits limits;
    if (const auto join = gateway::read_join(*args, limits)) {
        require(rules::check_client_id(join->client_id, limits).has_value());
    }
    if (const auto message = gateway::read_message(*args, limits)) {
        require(rules::check(*message, limits).has_value());
    }
    if (const auto typing = gateway::read_typing(*args, limits)) check_typing(*typing, limits);
    if (const auto read = gateway::read_mark_read(*args, limits)) {
        require(rules::check_client_id(read->client_id, limits).has_value());
    }
    if (const auto client_id = gateway::read_leave(*args, limits)) {
        require(rules::check_client_id(*client_id, limits).has_value());
    }
    return 0;
}
