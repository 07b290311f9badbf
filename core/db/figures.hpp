// What the connections of a program do, for metrics and log lines.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/histogram.hpp"
#include "db/error.hpp"
#include "db/known_servers.hpp"

namespace livechat::db {

inline constexpr std::size_t kErrorKinds = 7;  // of ErrorKind
std::string_view to_string(ErrorKind kind);

// Atomics only: it may lie in memory that processes share.
struct Figures {
    LatencyHistogram statements;  // each one's time, failed ones included
    std::atomic<std::uint64_t> connects{0};
    std::array<std::atomic<std::uint64_t>, kErrorKinds> errors{};  // by ErrorKind
    std::atomic<std::uint64_t> unknown_words{0};                   // see db/words.hpp
    KnownServers servers;
};

// Of all connections of this process. Any thread.
Figures& figures();

// From now on they count there. Before the first connection.
void count_in(Figures& figures);

// Time that the calling thread has spent in statements since it began.
std::chrono::microseconds time_in_database();

}  // namespace livechat::db
