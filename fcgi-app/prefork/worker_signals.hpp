// What a worker is told by signals, as values that its loop can look at and wait for.
#pragma once

namespace livechat::prefork {

enum class Leave {
    no,
    retire,  // SIGUSR1: others accept
    drain,   // SIGTERM: nobody does
};

// One object in a worker process, made before the worker is ready. Installs the handlers, unblocks
// what the master blocked, and ignores SIGINT and SIGHUP, which a terminal sends to the whole group
// and which the master answers. Throws std::system_error.
class WorkerSignals {
  public:
    WorkerSignals();
    ~WorkerSignals();
    WorkerSignals(const WorkerSignals&) = delete;
    WorkerSignals& operator=(const WorkerSignals&) = delete;

    // A drain that comes after a retire goes before it.
    Leave leave() const;
    // Readable, and for ever, as soon as leave() is not `no`.
    int fd() const;
};

}  // namespace livechat::prefork
