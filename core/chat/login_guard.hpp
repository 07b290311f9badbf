// How fast one may guess at passwords: the buckets that one attempt to sign in draws from. An
// attempt is paid for before the password is looked at, so that many at once gain nothing, and gets
// it back when the password was right.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/config.hpp"
#include "base/rate_table.hpp"

namespace livechat {

class LoginGuard {
  public:
    // peer: the address, as peer_of() gives it; known: the account's agent has signed in from
    // there.
    LoginGuard(RateTable& rates,
               const AbuseConfig& abuse,
               std::string_view username,
               std::string_view peer,
               bool known);

    // nullopt: go on; or how long to wait.
    std::optional<std::chrono::milliseconds> admit(RateTable::Clock::time_point now);
    // It was no guess.
    void forgive();

  private:
    struct Bucket {
        std::string_view kind;
        std::string name;
        Rate rate;  // of count 0: not asked
    };

    RateTable& rates_;
    std::array<Bucket, 2> buckets_;
};

}  // namespace livechat
