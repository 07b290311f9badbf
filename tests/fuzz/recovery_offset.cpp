// The offset that a client gives back: what is decoded encodes to the same text, and catching up
// from there ends at the feed's position.
#include <algorithm>

#include "feed/position.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace livechat::feed;
    const auto text = as_text(data, size);
    const auto standing = decode_position(text);
    if (!standing) return 0;
    require(encode(*standing) == text);
    require(std::ranges::is_sorted(standing->holes));
    require(standing->holes.size() <= Position::kMaxHoles);
    require(standing->holes.empty() || standing->holes.back() < standing->newest);

    constexpr Id kSteps = 3;
    if (standing->newest > UINT64_MAX - kSteps) return 0;
    const Position feed{standing->newest + kSteps, standing->holes};
    CatchUp catch_up(*standing, feed);
    // The oldest hole fills, then everything newer comes but its first one.
    if (!standing->holes.empty()) {
        const auto& now = catch_up.take(standing->holes.front());
        require(now.newest == standing->newest);
        require(now.holes.size() + 1 == standing->holes.size());
    }
    const auto& end = catch_up.take(feed.newest);
    require(end.newest == feed.newest);
    require(std::ranges::all_of(end.holes, [&](Id hole) { return hole < end.newest; }));
    return 0;
}
