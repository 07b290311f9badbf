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
        std::atomic<bool> writes{false};
    };

  public:
    // In a worker: takes a place for the process `pid`, idle. Without a free place (there are as
    // many as a master may have workers, twice) it is not seen.
    class Place {
      public:
        Place(WorkerFigures& figures, int pid);
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

        // writes: with a request that may change something.
        void busy(Time now, bool writes);
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

    // A write has waited in vain for a lock of others.
    void write_was_held(Time now) { held_at_ = now.time_since_epoch().count(); }

    // Whether another worker has to be kept for those who read: all others are writing, and wait.
    // Where tables are locked (a backup, an ALTER TABLE), every worker would soon.
    bool readers_need_one(Time now) const;

    std::atomic<std::uint64_t> started{0};
    std::atomic<std::uint64_t> left{0};    // as asked, or after their number of requests
    std::atomic<std::uint64_t> died{0};    // by themselves
    std::atomic<std::uint64_t> killed{0};  // by their master: too late, or stuck
    std::atomic<std::uint64_t> reloads{0};

  private:
    static constexpr std::size_t kPlaces = 2048;
    std::array<Slot, kPlaces> slots_{};
    std::atomic<std::size_t> places_{0};  // that have been taken, from the front
    std::atomic<Time::rep> held_at_{0};   // 0: no write was
};

}  // namespace livechat::figures
