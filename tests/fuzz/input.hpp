// What every fuzz target starts from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// A property that does not hold is a finding, like a crash.
inline void require(bool holds) {
    if (!holds) std::abort();
}
