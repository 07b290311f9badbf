// Who types, for those who watch all sessions: fewer words than the room itself hears, so that a
// thousand visitors who type cost a console nothing. Pure; the time comes in as a value.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/payload.hpp"
#include "gateway/rate.hpp"

namespace livechat::gateway {

class WatchedTyping {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // That someone goes on typing is told again after so long; who is silent for longer than
    // kForget has stopped.
    static constexpr std::chrono::seconds kRepeat{3};
    static constexpr std::chrono::seconds kForget{10};
    // Clients repeat themselves after 2.5 s or so: no one who types is silent for so long.
    static constexpr std::chrono::seconds kFresh{6};
    static constexpr std::size_t kMaxTypists = 2000;
    static constexpr std::size_t kPerSecond = 200;

    // Whether those who watch are told of this. To be asked of everything that is typed, also while
    // no one watches.
    bool tells(const TypingPayload& payload, Time now);

    // Who types now, as far as it was told, for someone who begins to watch; at most kPerSecond.
    std::vector<TypingPayload> typing(Time now) const;

  private:
    std::unordered_map<std::string, Time> typists_;  // when each was told last
    Rate rate_{kPerSecond};
};

}  // namespace livechat::gateway
