// What tokens have proved, kept for a short while so that not every request asks the database. Only
// what is good is kept: a token that was refused is asked for again, and so is a session that a
// token does not own. Pure; one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/access.hpp"

namespace livechat {

class IdentityCache {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // keep: how long an answer is good for; 0: not at all. most: when there are more, all are
    // forgotten.
    explicit IdentityCache(std::chrono::milliseconds keep, std::size_t most = 10'000)
        : keep_(keep), most_(most) {}

    // Null when it is not known, or not any more. Good until the next call of put() or forget().
    const Identity* find(std::string_view token_hash, Time now) const;
    const Identity& put(Identity identity, Time now);
    void forget(std::string_view token_hash);

  private:
    struct Entry {
        Identity identity;
        Time until;
    };

    std::chrono::milliseconds keep_;
    std::size_t most_;
    std::unordered_map<std::string, Entry> entries_;
};

}  // namespace livechat
