#include "domain/ban.hpp"

#include <algorithm>

namespace livechat {
namespace {

BanList::Time end_of(const Ban& ban, BanList::Time read_at) {
    return ban.expires_in ? read_at + *ban.expires_in : BanList::Time::max();
}

}  // namespace

std::string_view to_string(BanKind kind) { return kind == BanKind::address ? "address" : "client"; }

Result<BanKind> parse_ban_kind(std::string_view word) {
    if (word == to_string(BanKind::address)) return BanKind::address;
    if (word == to_string(BanKind::client)) return BanKind::client;
    return fail(ErrorCode::ban_invalid, "kind is \"address\" or \"client\"");
}

BanList::BanList(std::span<const Ban> bans, Time read_at) {
    for (const Ban& ban : bans) {
        const auto end = end_of(ban, read_at);
        if (ban.kind == BanKind::client) {
            auto& place = clients_[ban.value];
            place = std::max(place, end);
        } else if (const auto network = parse_ban(ban.value)) {
            auto& place = networks_[network->bits][network->address];
            place = std::max(place, end);
        }
    }
}

bool BanList::bans_address(std::string_view text, Time now) const {
    if (networks_.empty()) return false;
    const auto address = parse_address(text);
    if (!address) return false;
    return std::ranges::any_of(networks_, [&](const auto& entry) {
        const auto& [bits, addresses] = entry;
        const auto found = addresses.find(network_of(*address, bits).address);
        return found != addresses.end() && now < found->second;
    });
}

bool BanList::bans_client(std::string_view client_id, Time now) const {
    if (clients_.empty()) return false;
    const auto found = clients_.find(std::string(client_id));
    return found != clients_.end() && now < found->second;
}

std::size_t BanList::Hash::operator()(const Address& address) const {
    return std::hash<std::string_view>()(
        {reinterpret_cast<const char*>(address.data()), address.size()});
}

}  // namespace livechat
