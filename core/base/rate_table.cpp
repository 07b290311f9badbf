#include "base/rate_table.hpp"

#include <sodium.h>
#include <sys/mman.h>

#include <algorithm>
#include <new>
#include <string>

namespace livechat {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::size_t kPlaces = 8;  // where a name may be

std::int64_t ticks(RateTable::Clock::time_point time) {
    return std::chrono::duration_cast<nanoseconds>(time.time_since_epoch()).count();
}

// How long the bucket takes to fill by one.
std::uint64_t each(const Rate& rate) {
    const auto window = static_cast<std::uint64_t>(nanoseconds(rate.window).count());
    return std::max<std::uint64_t>(window / rate.count, 1);
}

// The same of `cost`, or of all that it holds.
std::int64_t time_for(const Rate& rate, std::uint64_t cost) {
    return static_cast<std::int64_t>(each(rate) * std::min(cost, rate.count));
}

// With a bucket that is full at `full_at`: how long until `cost` may be taken.
std::optional<milliseconds> wait(std::int64_t full_at,
                                 const Rate& rate,
                                 std::int64_t now,
                                 std::uint64_t cost) {
    const std::int64_t missing = full_at - now + time_for(rate, cost);
    const std::int64_t over = missing - time_for(rate, rate.count);
    if (over <= 0) return std::nullopt;
    return std::chrono::ceil<milliseconds>(nanoseconds(over));
}

}  // namespace

RateTable RateTable::shared(std::size_t buckets) {
    if (sodium_init() < 0) throw std::bad_alloc();
    const std::size_t count = std::max(buckets, kPlaces);
    const std::size_t bytes = count * sizeof(Bucket);
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    auto* first = static_cast<Bucket*>(memory);
    std::uninitialized_value_construct_n(first, count);
    return {std::unique_ptr<Bucket[], Unmap>(first, Unmap{bytes}), count};
}

RateTable::RateTable(std::unique_ptr<Bucket[], Unmap> buckets, std::size_t count)
    : buckets_(std::move(buckets)), count_(count) {
    randombytes_buf(key_, sizeof key_);
}

void RateTable::Unmap::operator()(Bucket* buckets) const { munmap(buckets, bytes); }

std::uint64_t RateTable::hash(std::string_view kind, std::string_view name) const {
    static_assert(sizeof key_ == crypto_shorthash_KEYBYTES);
    static_assert(sizeof(std::uint64_t) == crypto_shorthash_BYTES);
    std::string text;
    text.reserve(kind.size() + name.size() + 1);
    text += kind;
    text += '\0';
    text += name;
    std::uint64_t hash = 0;
    crypto_shorthash(reinterpret_cast<unsigned char*>(&hash),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), key_);
    return std::max<std::uint64_t>(hash, 1);
}

std::span<RateTable::Bucket> RateTable::places(std::uint64_t hash) const {
    const std::size_t first = hash % (count_ - kPlaces + 1);
    return {buckets_.get() + first, kPlaces};
}

RateTable::Bucket& RateTable::place_of(std::uint64_t hash) {
    const auto candidates = places(hash);
    for (Bucket& bucket : candidates) {
        if (bucket.name.load(std::memory_order_relaxed) == hash) return bucket;
    }
    // Two processes that need a place at the same moment may take the same one: the later name
    // stays, and the earlier one's next event finds a full bucket elsewhere.
    Bucket& oldest = *std::ranges::min_element(candidates, {}, [](const Bucket& bucket) {
        return bucket.full_at.load(std::memory_order_relaxed);
    });
    oldest.full_at.store(0, std::memory_order_relaxed);
    oldest.name.store(hash, std::memory_order_relaxed);
    return oldest;
}

std::optional<milliseconds> RateTable::take(std::string_view kind,
                                            std::string_view name,
                                            const Rate& rate,
                                            Clock::time_point now,
                                            std::uint64_t cost) {
    if (rate.count == 0) return std::nullopt;
    auto& full_at = place_of(hash(kind, name)).full_at;
    const std::int64_t present = ticks(now);
    std::int64_t before = full_at.load(std::memory_order_relaxed);
    for (;;) {
        const std::int64_t from = std::max(before, present);
        if (const auto patience = wait(from, rate, present, cost)) return patience;
        if (full_at.compare_exchange_weak(before, from + time_for(rate, cost),
                                          std::memory_order_relaxed)) {
            return std::nullopt;
        }
    }
}

void RateTable::give_back(std::string_view kind,
                          std::string_view name,
                          const Rate& rate,
                          std::uint64_t cost) {
    if (rate.count == 0) return;
    const auto wanted = hash(kind, name);
    for (Bucket& bucket : places(wanted)) {
        if (bucket.name.load(std::memory_order_relaxed) != wanted) continue;
        bucket.full_at.fetch_sub(time_for(rate, cost), std::memory_order_relaxed);
        return;
    }
}

std::optional<milliseconds> RateTable::peek(std::string_view kind,
                                            std::string_view name,
                                            const Rate& rate,
                                            Clock::time_point now,
                                            std::uint64_t cost) const {
    if (rate.count == 0) return std::nullopt;
    const auto wanted = hash(kind, name);
    for (const Bucket& bucket : places(wanted)) {
        if (bucket.name.load(std::memory_order_relaxed) != wanted) continue;
        const auto full_at = bucket.full_at.load(std::memory_order_relaxed);
        return wait(std::max(full_at, ticks(now)), rate, ticks(now), cost);
    }
    return std::nullopt;
}

std::optional<milliseconds> RateTable::take(std::span<const Draw> draws, Clock::time_point now) {
    for (std::size_t i = 0; i < draws.size(); ++i) {
        const auto& [kind, name, rate, cost] = draws[i];
        if (const auto patience = take(kind, name, rate, now, cost)) {
            give_back(draws.first(i));
            return patience;
        }
    }
    return std::nullopt;
}

std::optional<milliseconds> RateTable::peek(std::span<const Draw> draws,
                                            Clock::time_point now) const {
    std::optional<milliseconds> longest;
    for (const auto& [kind, name, rate, cost] : draws) {
        longest = std::max(longest, peek(kind, name, rate, now, cost));
    }
    return longest;
}

void RateTable::give_back(std::span<const Draw> draws) {
    for (const auto& [kind, name, rate, cost] : draws) give_back(kind, name, rate, cost);
}

void RateTable::charge(std::span<const Draw> draws, Clock::time_point now) {
    const std::int64_t present = ticks(now);
    for (const auto& [kind, name, rate, cost] : draws) {
        if (rate.count == 0) continue;
        auto& full_at = place_of(hash(kind, name)).full_at;
        const std::int64_t deepest = present + 2 * time_for(rate, rate.count);
        const auto used = static_cast<std::int64_t>(each(rate) * std::min(cost, 2 * rate.count));
        std::int64_t before = full_at.load(std::memory_order_relaxed);
        std::int64_t after = 0;
        do {
            after = std::min(std::max(before, present) + used, deepest);
        } while (!full_at.compare_exchange_weak(before, after, std::memory_order_relaxed));
    }
}

}  // namespace livechat
