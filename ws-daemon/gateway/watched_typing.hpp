// Who types, for those who watch all sessions: fewer words than the room itself hears, so that a
// thousand visitors who type cost a console nothing. Pure; the time comes in as a value.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>

#include "gateway/payload.hpp"
#include "gateway/rate.hpp"

namespace livechat::gateway {

class WatchedTyping {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // Somebody who goes on typing is told again after so long; who is silent for longer than
    // kForget has stopped.
    static constexpr std::chrono::seconds kRepeat{3};
    static constexpr std::chrono::seconds kForget{10};
    static constexpr std::size_t kMaxTypists = 2000;
    static constexpr std::size_t kPerSecond = 200;

    // Whether those who watch are told of this.
    bool tells(const TypingPayload& payload, Time now);

  private:
    std::unordered_map<std::string, Time> typists_;  // when each was told last
    Rate rate_{kPerSecond};
};

}  // namespace livechat::gateway
