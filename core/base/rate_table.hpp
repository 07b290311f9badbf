// How often things may happen: a token bucket for each name, in one table of fixed size that
// several processes may share. Lock-free; any thread.
//
// A bucket of `count` per `window` lets `count` through at once and is full again after `window`.
// It is kept as the one time at which it will be full (GCRA, ITU-T I.371), so that taking from it
// is one compare-and-swap. When the table is full, the bucket that is nearest to full is forgotten.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace livechat {

struct Rate {
    std::uint64_t count = 0;  // 0: unlimited
    std::chrono::milliseconds window{60'000};
};

// What one event takes from one bucket: `cost` of the bucket `kind` + `name`.
struct Draw {
    std::string_view kind;
    std::string name;
    Rate rate;
    std::uint64_t cost = 1;  // more than the bucket holds counts as all of it
};

class RateTable {
  public:
    using Clock = std::chrono::steady_clock;  // one for all processes of a machine

    // Its memory is shared with processes that are forked later. Throws std::bad_alloc.
    static RateTable shared(std::size_t buckets = kDefaultBuckets);

    // Takes `cost` from the bucket `kind` + `name`: nullopt, or how long to wait until it is there.
    std::optional<std::chrono::milliseconds> take(std::string_view kind,
                                                  std::string_view name,
                                                  const Rate& rate,
                                                  Clock::time_point now,
                                                  std::uint64_t cost = 1);
    // Puts back what was taken for what turned out not to count.
    void give_back(std::string_view kind,
                   std::string_view name,
                   const Rate& rate,
                   std::uint64_t cost = 1);
    // take()'s answer without taking.
    std::optional<std::chrono::milliseconds> peek(std::string_view kind,
                                                  std::string_view name,
                                                  const Rate& rate,
                                                  Clock::time_point now,
                                                  std::uint64_t cost = 1) const;

    // The same of several: from each of them, or from none.
    std::optional<std::chrono::milliseconds> take(std::span<const Draw> draws,
                                                  Clock::time_point now);
    std::optional<std::chrono::milliseconds> peek(std::span<const Draw> draws,
                                                  Clock::time_point now) const;
    void give_back(std::span<const Draw> draws);
    // Takes what has been used already, also where it is not there: the bucket is in debt then, of
    // at most what it holds.
    void charge(std::span<const Draw> draws, Clock::time_point now);

  private:
    static constexpr std::size_t kDefaultBuckets = 64 * 1024;

    struct Bucket {
        std::atomic<std::uint64_t> name;    // keyed hash; 0: free
        std::atomic<std::int64_t> full_at;  // nanoseconds of the clock
    };
    static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

    struct Unmap {
        std::size_t bytes = 0;
        void operator()(Bucket* buckets) const;
    };

    RateTable(std::unique_ptr<Bucket[], Unmap> buckets, std::size_t count);

    std::uint64_t hash(std::string_view kind, std::string_view name) const;
    std::span<Bucket> places(std::uint64_t hash) const;
    Bucket& place_of(std::uint64_t hash);

    std::unique_ptr<Bucket[], Unmap> buckets_;
    std::size_t count_;
    // Without knowing it, no one can choose names that share a place.
    unsigned char key_[16];
};

}  // namespace livechat
