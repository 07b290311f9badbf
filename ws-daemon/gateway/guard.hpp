// What a client may do at this moment: the rules of access, the bans, and how often
// (docs/security.md). Touches no socket and no database; the time comes in as a value. Event loop
// thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "app/application.hpp"
#include "base/config.hpp"
#include "base/rate_table.hpp"
#include "domain/access.hpp"
#include "domain/ban.hpp"

namespace livechat::gateway {

// Who is at the other end of a socket.
struct Peer {
    Principal principal;
    std::string address;  // as the handshake tells it; empty: not known
};

class Guard {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // rates: must outlive it; they may change.
    Guard(AuthMode mode, const AbuseConfig& rates);

    AuthMode mode() const { return mode_; }

    // A new connection: why it is refused, or none.
    std::optional<app::Refusal> refuse_connection(std::string_view address, Time now);
    // A client wants to come in over an open connection: counts it, before it is looked up
    // who it is, because that look costs a read of the database. rate_limited, with the time to
    // wait.
    Result<void> count_entry(std::string_view address, Time now);
    // Whether who it turned out to be may come in at all.
    Result<void> check_entry(const Peer& peer, Time now) const;

    // Whether the attempt is allowed; it is not counted yet.
    Result<void> check(const Peer& peer, const Attempt& attempt, Time now) const;
    // Counts it. rate_limited, with the time to wait, if there were too many; staff is not counted.
    Result<void> count(const Peer& peer, const Attempt& attempt, Time now);

    void set_bans(BanList bans) { bans_ = std::move(bans); }
    bool bans_address(const Peer& peer, Time now) const;
    // Whether the session is closed to this peer by a ban on its clientId.
    bool bans_room(const Peer& peer, std::string_view client_id, Time now) const;

  private:
    // Takes from each, or from none and says how long to wait.
    std::optional<std::chrono::milliseconds> take(std::span<const Draw> draws, Time now);

    AuthMode mode_;
    const AbuseConfig& rates_;
    RateTable table_;
    BanList bans_;
};

}  // namespace livechat::gateway
