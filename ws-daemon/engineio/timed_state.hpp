// A state and the time at which it is over. They only change together: there is no way to enter a
// state and keep the deadline of the one before.
#pragma once

#include <chrono>

namespace livechat::eio {

using Time = std::chrono::steady_clock::time_point;
using Milliseconds = std::chrono::milliseconds;

inline constexpr Time kNever = Time::max();

template <class State>
class TimedState {
  public:
    explicit TimedState(State state, Time until = kNever) : state_(state), until_(until) {}

    // Without a time it lasts until another state is entered.
    void enter(State state, Time until = kNever) {
        state_ = state;
        until_ = until;
    }
    State value() const { return state_; }
    Time until() const { return until_; }
    bool over(Time now) const { return now >= until_; }

    friend bool operator==(const TimedState& one, State state) { return one.state_ == state; }

  private:
    State state_;
    Time until_;
};

}  // namespace livechat::eio
