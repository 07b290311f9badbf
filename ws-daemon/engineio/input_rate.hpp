// How fast one peer may send, in events and in bytes: beyond a burst it is read no faster than
// that. Nothing is refused; the peer's own buffers fill. Sans-IO.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "engineio/timed_state.hpp"

namespace livechat::eio {

// Per second; 0: as fast as one likes. burst: what may come in that time may also come at once.
struct InputLimits {
    std::uint32_t events = 0;
    std::uint32_t bytes = 0;
    std::chrono::seconds burst{30};
};

class InputRate {
  public:
    // limits: must outlive it; they may change.
    explicit InputRate(const InputLimits& limits) : limits_(&limits) {}

    // No limits for this peer from here on.
    void lift() { lifted_ = true; }

    bool limits_peer() const { return !lifted_ && (limits_->events > 0 || limits_->bytes > 0); }

    void count(std::size_t events, std::size_t bytes, Time now) {
        paid_events_ = std::max(paid_events_, now) + worth(events, limits_->events);
        paid_bytes_ = std::max(paid_bytes_, now) + worth(bytes, limits_->bytes);
    }
    // When more may be read; not after `now`: at once.
    Time ready_at() const {
        if (lifted_) return Time::min();
        return std::max(paid_events_, paid_bytes_) - limits_->burst;
    }

  private:
    static Time::duration worth(std::size_t count, std::uint32_t per_second) {
        if (per_second == 0) return {};
        return std::chrono::nanoseconds(std::chrono::seconds(1)) * count / per_second;
    }

    const InputLimits* limits_;
    // Until when what has come would have taken at the allowed speed.
    Time paid_events_{};
    Time paid_bytes_{};
    bool lifted_ = false;
};

}  // namespace livechat::eio
