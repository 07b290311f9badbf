#include "db/known_servers.hpp"

#include <functional>
#include <string>

namespace livechat::db {
namespace {

constexpr std::chrono::seconds kLately{10};
constexpr std::chrono::seconds kLeaveEvery{3};

KnownServers::Time::rep ticks(KnownServers::Time time) { return time.time_since_epoch().count(); }

KnownServers::Time::rep ticks(std::chrono::seconds time) {
    return KnownServers::Time::duration(time).count();
}

}  // namespace

std::uint64_t server_identity(std::string_view hostname,
                              std::string_view port,
                              std::string_view server_id) {
    std::string all(hostname);
    all.append("\n").append(port).append("\n").append(server_id);
    return std::hash<std::string>{}(all) | 1U;
}

void KnownServers::connected(std::uint64_t identity, Time now) {
    bool others = false;
    for (const Server& server : servers_) {
        const auto known = server.identity.load();
        if (known == identity && ticks(now) - server.seen.load() < ticks(kLately)) {
            return in_use(identity, now);
        }
        others = others || (known != 0 && known != identity);
    }
    if (others) ++generation_;
    in_use(identity, now);
}

// Of two that take a place at once both may get one. When all are taken, the first serves again:
// more servers than places only cost reconnects.
void KnownServers::in_use(std::uint64_t identity, Time now) {
    Server* place = &servers_.front();
    for (Server& server : servers_) {
        const auto known = server.identity.load();
        if (known != identity && known != 0) continue;
        place = &server;
        break;
    }
    place->identity = identity;
    place->seen = ticks(now);
}

void KnownServers::leave(Time now) {
    auto before = left_.load();
    if (before != 0 && ticks(now) - before < ticks(kLeaveEvery)) return;
    if (left_.compare_exchange_strong(before, ticks(now))) ++generation_;
}

}  // namespace livechat::db
