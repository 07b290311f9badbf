// After how many requests a worker makes room for a fresh one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace livechat::prefork {

// max_requests less up to a tenth, picked by `seed` (any number that differs between workers), so
// that workers that started together do not all leave together. 0 stays 0: never.
constexpr std::size_t spread_requests(std::size_t max_requests, std::uint64_t seed) {
    // A multiplier that spreads neighbouring seeds over all bits (Knuth, TAOCP 3, section 6.4).
    const std::uint64_t mixed = (seed * 0x9E3779B97F4A7C15ULL) >> 32;
    return max_requests - static_cast<std::size_t>(mixed % (max_requests / 10 + 1));
}

}  // namespace livechat::prefork
