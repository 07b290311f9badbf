// What a worker is told by signals, as values that its loop can look at and wait for.
#pragma once

namespace livechat::prefork {

enum class Leave {
    no,
    retire,  // SIGUSR1: others accept
    drain,   // SIGTERM: no one does
};

// One object in a worker process, made before the worker is ready. Ignores SIGINT and SIGHUP, which
// a terminal sends to the whole group and which the master answers. SIGTERM and SIGUSR1 stay
// blocked and are read from a descriptor: libfcgi waits in select() for the first bytes of a
// connection that it has accepted, and closes the connection when a signal interrupts that. Throws
// std::system_error.
class WorkerSignals {
  public:
    WorkerSignals();
    ~WorkerSignals();
    WorkerSignals(const WorkerSignals&) = delete;
    WorkerSignals& operator=(const WorkerSignals&) = delete;

    // What has been asked so far. A drain that comes after a retire goes before it.
    Leave leave();
    // Readable when a signal has come that leave() does not know of yet.
    int fd() const { return fd_; }

  private:
    int fd_;
    Leave leave_ = Leave::no;
};

}  // namespace livechat::prefork
