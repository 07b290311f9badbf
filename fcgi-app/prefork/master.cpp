#include "prefork/master.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <string_view>
#include <system_error>

#include "base/log.hpp"
#include "prefork/companion.hpp"

namespace livechat::prefork {
namespace {

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

TimePoint now() { return std::chrono::steady_clock::now(); }

sigset_t master_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGUSR1, SIGUSR2}) {
        sigaddset(&set, signal);
    }
    return set;
}

class Master {
  public:
    Master(const Policy& policy, const Callbacks& callbacks)
        : callbacks_(callbacks),
          supervisor_(policy),
          companion_(static_cast<bool>(callbacks.companion)),
          wanted_(policy.workers),
          pid_(getpid()),
          next_tick_(now()) {
        // Also SIGUSR1, which then finds a worker's handler, however young it is.
        const sigset_t signals = master_signals();
        if (sigprocmask(SIG_BLOCK, &signals, nullptr) != 0) fail("sigprocmask");
        signal_fd_ = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
        if (signal_fd_ < 0) fail("signalfd");
        if (pipe2(ready_pipe_.data(), O_CLOEXEC | O_NONBLOCK) != 0) fail("pipe2");
    }
    ~Master() {
        for (const int fd : {signal_fd_, ready_pipe_[0], ready_pipe_[1]}) close(fd);
    }
    Master(const Master&) = delete;
    Master& operator=(const Master&) = delete;

    int run() {
        for (;;) {
            const Steps steps = supervisor_.step(now());
            carry_out(steps);
            if (steps.finished) return finish();
            // What was started changes what is due, for example the time until it has to be ready.
            if (steps.start > 0) continue;
            if (companion_.due(now())) start_companion();
            wait(earliest(steps.wake_at));
        }
    }

  private:
    void carry_out(const Steps& steps) {
        for (std::size_t i = 0; i < steps.start && start_worker(); ++i) continue;
        for (const Pid pid : steps.retire) kill(pid, SIGUSR1);
        for (const Pid pid : steps.drain) kill(pid, SIGTERM);
        for (const Pid pid : steps.kill) {
            log::warning("worker_killed", {{"pid", pid}, {"reason", "did not leave in time"}});
            kill(pid, SIGKILL);
        }
    }

    bool start_worker() {
        const Pid pid = fork();
        if (pid == 0) become_worker();
        if (pid < 0) {
            log::error("fork_failed", {{"error", std::generic_category().message(errno)}});
            supervisor_.on_start_failed(now());
            return false;
        }
        log::debug("worker_started", {{"pid", pid}});
        supervisor_.on_started(pid, now());
        tell(WorkerEvent::started, pid);
        return true;
    }

    void start_companion() {
        const Pid pid = fork();
        if (pid == 0) become("companion_failed", callbacks_.companion);
        if (pid < 0) {
            log::error("fork_failed", {{"error", std::generic_category().message(errno)}});
            companion_.on_start_failed(now());
            return;
        }
        companion_.on_started(pid);
    }

    // After the last worker, so that it can be watched how they leave.
    int finish() {
        if (const auto pid = companion_.stop()) {
            kill(*pid, SIGTERM);
            waitpid(*pid, nullptr, 0);
        }
        return EXIT_SUCCESS;
    }

    void tell(WorkerEvent event, Pid pid) const {
        if (callbacks_.on_worker) callbacks_.on_worker(event, pid);
    }

    // The signals stay blocked until the worker has its handlers: one that comes now waits for
    // them.
    [[noreturn]] void become_worker() {
        become("worker_failed", [this] {
            return callbacks_.work([this] {
                const Pid self = getpid();
                // A pipe takes so few bytes whole; if it were full the master would wait in vain,
                // and replace us.
                if (write(ready_pipe_[1], &self, sizeof self) != sizeof self)
                    std::_Exit(EXIT_FAILURE);
            });
        });
    }

    [[noreturn]] void become(std::string_view failure, const std::function<int()>& work) const {
        int status = EXIT_FAILURE;
        try {
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            if (getppid() != pid_) std::_Exit(status);
            close(signal_fd_);
            close(ready_pipe_[0]);
            status = work();
        } catch (const std::exception& error) {
            log::error(failure, {{"error", error.what()}});
        }
        std::_Exit(status);
    }

    std::optional<TimePoint> earliest(std::optional<TimePoint> wake_at) const {
        const auto sooner = [&wake_at](std::optional<TimePoint> other) {
            if (other && (!wake_at || *other < *wake_at)) wake_at = other;
        };
        sooner(companion_.wake_at());
        if (callbacks_.tick_every.count() > 0) sooner(next_tick_);
        return wake_at;
    }

    void tick() {
        if (callbacks_.tick_every.count() == 0 || now() < next_tick_) return;
        next_tick_ = now() + callbacks_.tick_every;
        callbacks_.on_tick();
    }

    void wait(std::optional<TimePoint> wake_at) {
        int timeout = -1;
        if (wake_at) {
            const auto left =
                std::chrono::ceil<std::chrono::milliseconds>(*wake_at - now()).count();
            timeout = static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
        }
        std::array<pollfd, 2> fds{pollfd{signal_fd_, POLLIN, 0}, pollfd{ready_pipe_[0], POLLIN, 0}};
        if (poll(fds.data(), fds.size(), timeout) < 0 && errno != EINTR) fail("poll");
        if (fds[1].revents != 0) read_ready();
        if (fds[0].revents != 0) read_signals();
        tick();
    }

    void read_ready() {
        Pid pid = 0;
        while (read(ready_pipe_[0], &pid, sizeof pid) == sizeof pid) supervisor_.on_ready(pid);
        if (!running_ && supervisor_.ready() >= wanted_) {
            running_ = true;
            callbacks_.on_running();
        }
    }

    void read_signals() {
        signalfd_siginfo info{};
        while (read(signal_fd_, &info, sizeof info) == sizeof info) {
            switch (info.ssi_signo) {
                case SIGCHLD:
                    reap();
                    break;
                case SIGHUP:
                    reload();
                    break;
                case SIGUSR1:
                case SIGUSR2:
                    if (callbacks_.on_verbose) callbacks_.on_verbose(info.ssi_signo == SIGUSR1);
                    break;
                default:
                    stop(info.ssi_signo);
                    break;
            }
        }
    }

    void reap() {
        int status = 0;
        for (Pid pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
            if (companion_.on_exit(pid, now())) {
                if (status != EXIT_SUCCESS)
                    log::warning("status_process_exited", {{"status", status}});
                continue;
            }
            const bool clean = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
            if (clean) {
                log::debug("worker_left", {{"pid", pid}});
            } else if (WIFSIGNALED(status)) {
                log::warning("worker_died", {{"pid", pid}, {"signal", WTERMSIG(status)}});
            } else {
                log::warning("worker_died", {{"pid", pid}, {"status", WEXITSTATUS(status)}});
            }
            const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
            tell(clean ? WorkerEvent::left : killed ? WorkerEvent::killed : WorkerEvent::died, pid);
            supervisor_.on_exit(pid, clean, now());
        }
    }

    void reload() {
        if (stopping_) return;
        std::optional<Policy> policy;
        try {
            policy = callbacks_.reload();
        } catch (const std::exception& error) {
            log::error("unexpected_error", {{"error", error.what()}});
        }
        if (!policy) {
            log::error("reload_failed", {{"kept", "the previous configuration"}});
            return;
        }
        wanted_ = policy->workers;
        supervisor_.on_reload(*policy);
        if (const auto pid = companion_.replace()) kill(*pid, SIGTERM);
        log::info("reloaded", {{"workers", policy->workers}});
    }

    void stop(std::uint32_t signal) {
        if (stopping_) return;
        stopping_ = true;
        log::info("stopping", {{"signal", signal}});
        callbacks_.on_stop();
        supervisor_.on_stop();
    }

    const Callbacks& callbacks_;
    Supervisor supervisor_;
    Companion companion_;
    std::size_t wanted_;
    Pid pid_;
    TimePoint next_tick_;
    int signal_fd_ = -1;
    std::array<int, 2> ready_pipe_{-1, -1};  // each worker writes its pid into it once
    bool running_ = false;
    bool stopping_ = false;
};

}  // namespace

int run_master(const Policy& policy, const Callbacks& callbacks) {
    return Master(policy, callbacks).run();
}

int run_in_child(const std::function<int()>& work) {
    const Pid pid = fork();
    if (pid < 0) fail("fork");
    if (pid == 0) std::_Exit(work());
    int status = 0;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) fail("waitpid");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace livechat::prefork
