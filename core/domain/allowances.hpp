// What a visitor may do how often, and how much of it ([abuse]; docs/security.md, "Too much of
// it"): the buckets that one event draws from, at REST and at the daemon alike. Pure.
//
// An address counts for itself; of IPv6, whose /64 one customer has and whose /48 is had for the
// asking, the /64, the /56 and the /48 count, by peer_groups() (base/address.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.hpp"
#include "base/rate_table.hpp"

namespace livechat {

// Who does it.
struct Doer {
    std::string_view visitor;  // hash of the token; empty: a caller without a token
    std::string_view address;  // empty: not known, and counts for nothing
};

using Draws = std::vector<Draw>;

// The buckets of this kind that an address draws from, the widest first.
Draws by_address(std::string_view kind,
                 std::string_view address,
                 const Rate& rate,
                 std::uint64_t cost = 1);

// A message of so many bytes, as JSON.
Draws to_send(const AbuseConfig& abuse,
              const Doer& doer,
              std::string_view client_id,
              std::uint64_t bytes);
Draws to_join(const AbuseConfig& abuse, const Doer& doer);
// Each costs a statement, however often it is repeated.
Draws to_mark_read(const Doer& doer);
// fresh: what is asked for is not the doer's yet, and may have to be made.
Draws to_open(const AbuseConfig& abuse, const Doer& doer, bool fresh);
// An answer that holds so many bytes of messages.
Draws to_read(const AbuseConfig& abuse, const Doer& doer, std::uint64_t bytes);

}  // namespace livechat
