#include "prefork/worker_signals.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>

namespace livechat::prefork {
namespace {

// A signal handler reaches nothing but globals.
std::atomic<Leave> g_leave{Leave::no};
std::atomic<int> g_event_fd{-1};
static_assert(std::atomic<Leave>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

extern "C" void on_leave_signal(int signal) {
    const int error = errno;
    if (signal == SIGTERM) {
        g_leave = Leave::drain;
    } else if (g_leave == Leave::no) {
        g_leave = Leave::retire;
    }
    const std::uint64_t one = 1;
    // It cannot fail: the counter would have to overflow.
    [[maybe_unused]] const auto written = write(g_event_fd, &one, sizeof one);
    errno = error;
}

void handle(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;  // a request in hand goes on undisturbed
    if (sigaction(signal, &action, nullptr) != 0) {
        throw std::system_error(errno, std::generic_category(), "sigaction");
    }
}

}  // namespace

WorkerSignals::WorkerSignals() {
    g_event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (g_event_fd < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    handle(SIGTERM, on_leave_signal);
    handle(SIGUSR1, on_leave_signal);
    for (const int signal : {SIGINT, SIGHUP, SIGPIPE}) handle(signal, SIG_IGN);
    handle(SIGCHLD, SIG_DFL);

    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

WorkerSignals::~WorkerSignals() {
    handle(SIGTERM, SIG_IGN);
    handle(SIGUSR1, SIG_IGN);
    close(g_event_fd);
}

Leave WorkerSignals::leave() const { return g_leave; }
int WorkerSignals::fd() const { return g_event_fd; }

}  // namespace livechat::prefork
