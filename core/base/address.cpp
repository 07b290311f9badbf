#include "base/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace livechat {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned kMappedBits = 96;
constexpr unsigned kCustomerBits = 64;

bool is_v4(const Address& address) {
    return std::equal(kMapped.begin(), kMapped.end(), address.begin());
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
    const std::string terminated(text.substr(0, INET6_ADDRSTRLEN));
    if (terminated.size() != text.size() || text.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    Address address{};
    if (inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
    std::ranges::copy(kMapped, address.begin());
    if (inet_pton(AF_INET, terminated.c_str(), address.data() + kMapped.size()) == 1) {
        return address;
    }
    return std::nullopt;
}

bool contains(const Network& network, const Address& address) {
    return network_of(address, network.bits) == network;
}

Network network_of(const Address& address, unsigned bits) {
    Network network{address, bits};
    for (unsigned i = 0; i < address.size(); ++i) {
        const unsigned kept = bits > i * 8 ? std::min(bits - i * 8, 8U) : 0;
        network.address[i] &= static_cast<std::uint8_t>(0xff00U >> kept);
    }
    return network;
}

std::optional<Network> parse_network(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    if (slash == std::string_view::npos) return network_of(*address, 128);

    const auto digits = text.substr(slash + 1);
    const bool v4 = is_v4(*address) && text.find(':') == std::string_view::npos;
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc{} || end != digits.data() + digits.size() || bits > (v4 ? 32U : 128U)) {
        return std::nullopt;
    }
    return network_of(*address, v4 ? bits + kMappedBits : bits);
}

std::optional<Network> parse_ban(std::string_view text) {
    const auto network = parse_network(text);
    const bool one_v6 = network && network->bits == 128 && !is_v4(network->address) &&
                        text.find('/') == std::string_view::npos;
    return one_v6 ? network_of(network->address, kCustomerBits) : network;
}

std::string to_string(const Network& network) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const bool v4 = is_v4(network.address) && network.bits >= kMappedBits;
    const auto* bytes = network.address.data() + (v4 ? kMapped.size() : 0);
    inet_ntop(v4 ? AF_INET : AF_INET6, bytes, text.data(), text.size());
    std::string out(text.data());
    if (network.bits < 128 || !v4) {
        out += '/' + std::to_string(network.bits - (v4 ? kMappedBits : 0));
    }
    return out;
}

std::string peer_of(std::string_view text) {
    const auto address = parse_address(text);
    if (!address) return std::string(text);
    return to_string(network_of(*address, is_v4(*address) ? 128 : kCustomerBits));
}

std::vector<PeerGroup> peer_groups(std::string_view text) {
    const auto address = parse_address(text);
    if (!address || is_v4(*address)) return {{peer_of(text)}};
    // What providers give to a household, and what they give to anyone who asks: 256 and 65,536
    // times a /64. Most of them use one.
    constexpr std::array<std::pair<unsigned, std::uint32_t>, 3> kGroups{
        {{48, 32}, {56, 8}, {kCustomerBits, 1}}};
    std::vector<PeerGroup> groups;
    for (const auto& [bits, share] : kGroups) {
        groups.push_back({to_string(network_of(*address, bits)), share});
    }
    return groups;
}

}  // namespace livechat
