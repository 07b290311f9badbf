// One heap of deadlines for everything that waits: sessions, requests, closing connections. An idle
// connection costs one entry here and no timer of its own. Exact: there are no ticks.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

namespace livechat::transport {

using Time = std::chrono::steady_clock::time_point;

class Deadlines;

// Something with at most one deadline. Leaves the heap by itself when destroyed.
class Timed {
  public:
    explicit Timed(Deadlines& deadlines) : deadlines_(&deadlines) {}
    virtual ~Timed();
    Timed(const Timed&) = delete;
    Timed& operator=(const Timed&) = delete;

  protected:
    // Replaces the deadline there was. Time::max(): none.
    void set_deadline(Time at);

    // `now` is at or after the deadline, which is gone by then.
    virtual void on_deadline(Time now) = 0;

  private:
    friend class Deadlines;
    static constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

    Deadlines* deadlines_;
    Time deadline_ = Time::max();
    std::size_t position_ = kNowhere;
};

class Deadlines {
  public:
    // earlier: called when next() has become an earlier time, so that no deadline can be set
    // without the clock that it needs.
    explicit Deadlines(std::function<void()> earlier = [] {}) : earlier_(std::move(earlier)) {}

    // Time::max() if nothing waits.
    Time next() const { return heap_.empty() ? Time::max() : heap_.front()->deadline_; }
    // Calls on_deadline of all that are due, earliest first.
    void run(Time now);

  private:
    friend class Timed;

    void set(Timed& item, Time at);
    void remove(Timed& item);
    void sift_up(std::size_t position);
    void sift_down(std::size_t position);
    void place(Timed* item, std::size_t position);

    std::vector<Timed*> heap_;
    std::function<void()> earlier_;
};

}  // namespace livechat::transport
