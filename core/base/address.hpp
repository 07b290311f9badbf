// Internet addresses as bans and limits see them: IPv4 and IPv6 in one form. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace livechat {

// 16 bytes; IPv4 as ::ffff:a.b.c.d.
using Address = std::array<std::uint8_t, 16>;

// "203.0.113.7", "2001:db8::1"; nullopt for anything else (a unix socket's peer has none).
std::optional<Address> parse_address(std::string_view text);

// An address with what lies behind the first `bits` bits set to 0. Of an IPv4 network bits is 96 to
// 128.
struct Network {
    Address address{};
    unsigned bits = 128;

    bool operator==(const Network&) const = default;
};

// An address, or "203.0.113.0/24", "2001:db8::/32"; what lies behind the prefix is cleared.
std::optional<Network> parse_network(std::string_view text);
// As parse_network and parse_ban take it. One IPv4 address has no length, one IPv6 address "/128".
std::string to_string(const Network& network);
bool contains(const Network& network, const Address& address);
Network network_of(const Address& address, unsigned bits);

// As parse_network takes it; of an IPv6 address without a length the /64, which is one customer's.
std::optional<Network> parse_ban(std::string_view text);

// Whose doing something counts as: the address, or of IPv6 the /64 that one customer has. Text that
// is no address stands for itself.
std::string peer_of(std::string_view address);

// The networks that an address is limited with, the widest first and peer_of() last, and how many
// times as much as one peer each of them may do.
struct PeerGroup {
    std::string name;
    std::uint32_t share = 1;
};
std::vector<PeerGroup> peer_groups(std::string_view address);

}  // namespace livechat
