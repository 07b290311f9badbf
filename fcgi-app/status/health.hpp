// What the status process answers to those who watch the program: a load balancer, a monitor,
// systemd's friends. Pure.
#pragma once

#include <string>

#include "chat/readiness.hpp"
#include "figures/worker_figures.hpp"

namespace livechat::status {

struct Verdict {
    bool good = true;
    std::string text;  // "ok", or in one sentence why not
};

// Alive: at least one worker is there to answer requests. `stuck`: those that have been at one
// request for too long.
Verdict health(const figures::WorkerFigures::Count& workers, std::size_t stuck);

// Ready: alive, and the database is there and right. age: of that check.
Verdict readiness(const Verdict& health,
                  const DatabaseCheck& database,
                  std::chrono::milliseconds age);

}  // namespace livechat::status
