// How fast one may guess at passwords: the buckets that one attempt to sign in draws from. An
// attempt is paid for before the password is looked at, so that many at once gain nothing, and gets
// it back when the password was right.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "base/config.hpp"
#include "base/rate_table.hpp"

namespace livechat {

class LoginGuard {
  public:
    // known: the account's agent has signed in from that address.
    LoginGuard(RateTable& rates,
               const AbuseConfig& abuse,
               std::string_view username,
               std::string_view address,
               bool known);

    // nullopt: go on; or how long to wait.
    std::optional<std::chrono::milliseconds> admit(RateTable::Clock::time_point now);
    // It was no guess.
    void forgive();

  private:
    RateTable& rates_;
    std::vector<Draw> draws_;
};

}  // namespace livechat
