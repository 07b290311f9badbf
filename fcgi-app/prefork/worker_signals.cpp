#include "prefork/worker_signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace livechat::prefork {
namespace {

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

WorkerSignals::WorkerSignals() {
    for (const int signal : {SIGINT, SIGHUP, SIGPIPE}) {
        if (std::signal(signal, SIG_IGN) == SIG_ERR) fail("signal");
    }
    sigset_t asked;
    sigemptyset(&asked);
    sigaddset(&asked, SIGTERM);
    sigaddset(&asked, SIGUSR1);
    fd_ = signalfd(-1, &asked, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd_ < 0) fail("signalfd");
    // Replaces what the master blocked.
    if (sigprocmask(SIG_SETMASK, &asked, nullptr) != 0) fail("sigprocmask");
}

WorkerSignals::~WorkerSignals() { close(fd_); }

Leave WorkerSignals::leave() {
    signalfd_siginfo info{};
    while (read(fd_, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGTERM) {
            leave_ = Leave::drain;
        } else if (leave_ == Leave::no) {
            leave_ = Leave::retire;
        }
    }
    return leave_;
}

}  // namespace livechat::prefork
