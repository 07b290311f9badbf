// Counts of durations in fixed buckets, for Prometheus. Made of atomics only, so that it also works
// in memory that several processes share. Any thread.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace livechat {

class LatencyHistogram {
  public:
    // Upper bounds in seconds; one more count for what takes longer.
    static constexpr std::array<double, 12> kBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                    0.1,   0.25,   0.5,   1,    2.5,   10};
    using Counts = std::array<std::uint64_t, kBounds.size() + 1>;

    void add(std::chrono::microseconds time) {
        const double seconds = static_cast<double>(time.count()) / 1e6;
        std::size_t bucket = 0;
        while (bucket < kBounds.size() && seconds > kBounds[bucket]) ++bucket;
        counts_[bucket].fetch_add(1, std::memory_order_relaxed);
        sum_us_.fetch_add(static_cast<std::uint64_t>(time.count()), std::memory_order_relaxed);
    }

    Counts counts() const {
        Counts counts{};
        for (std::size_t i = 0; i < counts.size(); ++i) {
            counts[i] = counts_[i].load(std::memory_order_relaxed);
        }
        return counts;
    }
    double sum_seconds() const {
        return static_cast<double>(sum_us_.load(std::memory_order_relaxed)) / 1e6;
    }

  private:
    std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> counts_{};
    std::atomic<std::uint64_t> sum_us_{0};
};

}  // namespace livechat
