// What each worker does at this moment, and what became of those before: written by the workers and
// their master in memory that they share.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace livechat::figures {

using Time = std::chrono::steady_clock::time_point;  // the same clock in all processes

class WorkerFigures {
    // busy_since: 0 while it is idle, else the clock's ticks. A process alone writes its own.
    struct Slot {
        std::atomic<int> pid{0};
        std::atomic<Time::rep> busy_since{0};
    };

  public:
    // In a worker: takes a place for the process `pid`, idle. Without a free place (there are as
    // many as a master may have workers, twice) it is not seen.
    class Place {
      public:
        Place(WorkerFigures& figures, int pid);
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

        void busy(Time now);
        void idle();

      private:
        Slot* slot_ = nullptr;
    };

    // In the master: the process has ended.
    void remove(int pid);

    struct Count {
        std::size_t idle = 0;
        std::size_t busy = 0;
    };
    Count count() const;

    // Those that have been at one request since before `limit`.
    std::vector<int> busy_since_before(Time limit) const;

    std::atomic<std::uint64_t> started{0};
    std::atomic<std::uint64_t> left{0};    // as asked, or after their number of requests
    std::atomic<std::uint64_t> died{0};    // by themselves
    std::atomic<std::uint64_t> killed{0};  // by their master: too late, or stuck
    std::atomic<std::uint64_t> reloads{0};

  private:
    static constexpr std::size_t kPlaces = 2048;
    std::array<Slot, kPlaces> slots_{};
};

}  // namespace livechat::figures
