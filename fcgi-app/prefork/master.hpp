// The master of a pre-forking server: forks workers, replaces those that die, and passes on what
// the operator wants. It knows nothing of requests.
//
//   SIGTERM, SIGINT  workers answer what they have and what waits, then everything ends;
//                    whoever is not gone after the drain timeout is killed
//   SIGHUP           the configuration is read again and the workers are replaced one by one
//
// Workers get SIGUSR1 (leave, others accept) and SIGTERM (leave, and answer the backlog first);
// also SIGTERM when the master dies, however it dies. Blocking and single-threaded: the calling
// thread is the master.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "prefork/supervisor.hpp"

namespace livechat::prefork {

// What the program plugs in. Each runs in the master unless said otherwise.
struct Callbacks {
    // In a worker, after the fork: accepts requests until asked to leave and returns the exit
    // status. `ready` is to be called once it accepts.
    std::function<int(const std::function<void()>& ready)> work;
    // Reads the configuration again for the workers to come. nullopt: it is bad (the callee has
    // said why); everything stays as it is.
    std::function<std::optional<Policy>()> reload;
    // The first workers are all ready.
    std::function<void()> on_running;
    // SIGTERM: stop new peers from coming, before the workers are asked to leave.
    std::function<void()> on_stop;
};

// Runs until stopped; returns the exit status of the program. Throws std::system_error when the
// system refuses what a master cannot do without.
int run_master(const Policy& policy, const Callbacks& callbacks);

}  // namespace livechat::prefork
