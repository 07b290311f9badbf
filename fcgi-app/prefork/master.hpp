// The master of a pre-forking server: forks workers, replaces those that die, and passes on what
// the operator wants. It knows nothing of requests.
//
//   SIGTERM, SIGINT  workers answer what they have and what waits, then everything ends;
//                    a worker that has not left after the drain timeout is killed
//   SIGHUP           the configuration is read again and the workers are replaced one by one
//   SIGUSR1, SIGUSR2 say more in the log, and say what the configuration wants again
//
// Workers get SIGUSR1 (leave, others accept) and SIGTERM (leave, and answer the backlog first);
// also SIGTERM when the master dies, however it dies. Blocking and single-threaded: the calling
// thread is the master.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "prefork/supervisor.hpp"

namespace livechat::prefork {

// What becomes of a worker.
enum class WorkerEvent {
    started,
    left,    // as asked, or after its number of requests
    died,    // by itself
    killed,  // it did not leave in time; it has ended
};

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
    // In one more process, after the fork: what belongs to the program as a whole and is not to
    // disturb the workers. It is started with them, replaced at a reload, started again when it
    // ends, and asked to leave (SIGTERM) after them. None: there is no such process.
    std::function<int()> companion = {};
    std::function<void(WorkerEvent, Pid)> on_worker = {};
    // SIGUSR1 (true) and SIGUSR2 (false).
    std::function<void(bool)> on_verbose = {};
    // Every so often, and while something else is done, too.
    std::chrono::milliseconds tick_every{0};  // 0: never
    std::function<void()> on_tick = {};
};

// Runs until stopped; returns the exit status of the program. Throws std::system_error when the
// system refuses what a master cannot do without.
int run_master(const Policy& policy, const Callbacks& callbacks);

// Runs `work` in a process of its own and gives its exit status; -1 when it was killed. For what
// must not be done in a process that is to fork. Throws std::system_error without a process.
int run_in_child(const std::function<int()>& work);

}  // namespace livechat::prefork
