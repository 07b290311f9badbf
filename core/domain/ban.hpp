// Who is kept out: addresses, networks and clientIds. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/address.hpp"
#include "domain/failure.hpp"

namespace livechat {

enum class BanKind : std::uint8_t { address, client };
std::string_view to_string(BanKind kind);
Result<BanKind> parse_ban_kind(std::string_view word);

struct Ban {
    std::uint64_t id = 0;
    BanKind kind = BanKind::address;
    std::string value;  // an address or network as to_string(Network) writes it, or a clientId
    std::string reason;
    std::string created_at;
    std::optional<std::string> expires_at;
    // From the moment when it was read; none: until it is lifted.
    std::optional<std::chrono::seconds> expires_in;
};

// The bans of one moment, made for asking.
class BanList {
  public:
    using Time = std::chrono::steady_clock::time_point;

    BanList() = default;
    // read_at: the moment that expires_in counts from.
    BanList(std::span<const Ban> bans, Time read_at);

    bool bans_address(std::string_view address, Time now) const;
    bool bans_client(std::string_view client_id, Time now) const;
    bool empty() const { return networks_.empty() && clients_.empty(); }

  private:
    struct Hash {
        std::size_t operator()(const Address& address) const;
    };
    using Addresses = std::unordered_map<Address, Time, Hash>;

    std::map<unsigned, Addresses> networks_;  // by the length of the prefix
    std::unordered_map<std::string, Time> clients_;
};

}  // namespace livechat
