// How often the feed looks into the database when the doorbell is silent: often while the site is
// in use, rarely when nothing has come for a while. Pure; the time comes in as a value.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/config.hpp"

namespace livechat::feed {

class Pace {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // People take seconds to answer: a conversation that pauses for so long is still one.
    static constexpr std::chrono::seconds kInUse{10};

    explicit Pace(const FeedConfig& config)
        : active_(config.poll_active), idle_(config.poll_idle), pause_(config.poll_active) {}

    // After a look that was over at `now`: the pause until the next one.
    std::chrono::milliseconds after_look(bool found, Time now) {
        if (found) last_found_ = now;
        const bool in_use = last_found_ && now - *last_found_ <= kInUse;
        pause_ = in_use ? active_ : std::min(pause_ * 2, idle_);
        return pause_;
    }

  private:
    std::chrono::milliseconds active_;
    std::chrono::milliseconds idle_;
    std::chrono::milliseconds pause_;
    std::optional<Time> last_found_;
};

}  // namespace livechat::feed
