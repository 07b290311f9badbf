// A datagram that says who is at another daemon: what is taken must be what that daemon can have
// sent, and Presence takes it whatever it says.
#include "domain/rules.hpp"
#include "gateway/presence_relay.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace livechat;
    const Limits limits;
    const auto news = gateway::decode_presence(as_text(data, size), limits);
    if (!news) return 0;
    for (const auto& room : news->online) {
        require(rules::check_client_id(room, limits).has_value());
    }
    const auto again = gateway::decode_presence(gateway::encode_presence(*news), limits);
    require(again && again->daemon == news->daemon && again->round == news->round);
    require(again->agents == news->agents && again->watched == news->watched);
    require(again->online == news->online && again->offline == news->offline);

    gateway::Presence presence;
    const auto now = gateway::Presence::Time{} + std::chrono::hours(1);
    presence.watcher_came();
    presence.hear(*news, now);
    require(presence.online().size() <= news->online.size());
    presence.tick(now);
    presence.tick(now + gateway::Presence::kPatience);
    require(presence.online().empty());
    return 0;
}
