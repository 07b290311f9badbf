// When a peer is to be pinged, and until when its answer is waited for. Sans-IO.
#pragma once

#include "engineio/timed_state.hpp"

namespace livechat::eio {

class Heartbeat {
  public:
    enum class Beat : std::uint8_t {
        quiet,  // nothing is to be done yet
        ping,   // ping the peer now
        dead,   // it has not answered in time
    };

    Heartbeat(Milliseconds interval, Milliseconds timeout, Time now)
        : interval_(interval), timeout_(timeout), phase_(Phase::resting, now + interval) {}

    // To be called at wake_at() or later, again until it is quiet.
    Beat on_time(Time now) {
        if (!phase_.over(now)) return Beat::quiet;
        if (phase_ == Phase::pinged) return Beat::dead;
        // Counted from when the ping was due, not from when we got to it: a late wake-up must not
        // give the peer more time than it was told.
        phase_.enter(Phase::pinged, phase_.until() + timeout_);
        return Beat::ping;
    }
    // One that answers no ping proves nothing and changes nothing.
    void on_pong(Time now) {
        if (phase_ == Phase::pinged) phase_.enter(Phase::resting, now + interval_);
    }
    // What the peer sends is not read before `when`, and so neither is its pong.
    void excuse(Time when) {
        if (phase_ == Phase::pinged && phase_.until() < when + timeout_) {
            phase_.enter(Phase::pinged, when + timeout_);
        }
    }
    Time wake_at() const { return phase_.until(); }

  private:
    enum class Phase : std::uint8_t { resting, pinged };

    Milliseconds interval_;
    Milliseconds timeout_;
    TimedState<Phase> phase_;
};

}  // namespace livechat::eio
