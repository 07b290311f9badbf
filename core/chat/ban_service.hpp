// The use cases of bans. Throws db::Error as ChatService does. No state of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/config.hpp"
#include "db/connection.hpp"
#include "domain/ban.hpp"

namespace livechat {

class BanService {
  public:
    // More bans than this are not looked at: the newest count.
    static constexpr std::uint64_t kMost = 100'000;

    BanService(db::Connection& connection, const Limits& limits)
        : connection_(connection), limits_(limits) {}

    // Changes with every change of a ban.
    std::uint64_t version();
    // Those that hold, newest first.
    std::vector<Ban> list(std::uint64_t limit = kMost);

    // value: an address, a network or a clientId; of an IPv6 address its /64 is banned. One of the
    // same value is replaced. lifetime: none: until it is lifted. ban_invalid; those of
    // check_client_id.
    Result<Ban> add(BanKind kind,
                    std::string_view value,
                    std::string_view reason,
                    std::optional<std::chrono::seconds> lifetime);
    // not_found
    Result<void> remove(std::uint64_t id);

    // Removes a part of those that are over; returns how many.
    std::uint64_t purge();

  private:
    db::Connection& connection_;
    const Limits& limits_;
};

// The bans as a program knows them: read again when they have changed, and asked for that at most
// every `cache`. One thread.
class BanWatch {
  public:
    using Time = BanList::Time;

    explicit BanWatch(std::chrono::milliseconds cache) : cache_(cache) {}

    const BanList& current(BanService& service, Time now);
    // As it was read last.
    const BanList& known() const { return list_; }

  private:
    std::chrono::milliseconds cache_;
    std::optional<std::uint64_t> version_;
    std::optional<Time> asked_at_;
    BanList list_;
};

}  // namespace livechat
