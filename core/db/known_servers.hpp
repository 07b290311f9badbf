// What the connections of a program know together of the servers that they lead to. After a
// failover the address leads to another server, while connections made before still stand:
// whichever of them learns of it makes all of them reconnect. Atomics only: it may lie in memory
// that processes share. Any thread.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace livechat::db {

// Never 0.
std::uint64_t server_identity(std::string_view hostname,
                              std::string_view port,
                              std::string_view server_id);

class KnownServers {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // Changes when every connection that was made before is to be given up.
    std::uint64_t generation() const { return generation_.load(std::memory_order_relaxed); }

    // A new connection has come to this server. If none of the others has been there lately, they
    // are all given up: it has taken the place of theirs. (Behind a proxy that spreads connections,
    // several servers are in use all the time.)
    void connected(std::uint64_t identity, Time now);

    // A connection has found itself still at this server.
    void in_use(std::uint64_t identity, Time now);

    // The server takes no writes: everybody reconnects, to where the address leads now. Not more
    // often than every few seconds, because it may lead to the same server for long.
    void leave(Time now);

  private:
    struct Server {
        std::atomic<std::uint64_t> identity{0};  // 0: a free place
        std::atomic<Time::rep> seen{0};
    };

    std::atomic<std::uint64_t> generation_{0};
    std::atomic<Time::rep> left_{0};
    std::array<Server, 16> servers_{};
};

}  // namespace livechat::db
