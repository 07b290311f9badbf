#include "base/service.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace livechat {
namespace {

// A status is one line of the message.
std::string one_line(std::string_view text) {
    std::string line(text);
    std::ranges::replace(line, '\n', ' ');
    return line;
}

}  // namespace

std::optional<std::string> notify_address(std::string_view socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const bool known = socket.starts_with('/') || socket.starts_with('@');
    if (!known || socket.size() < 2 || socket.size() >= sizeof address.sun_path) {
        return std::nullopt;
    }
    socket.copy(address.sun_path, socket.size());
    if (socket.front() == '@') address.sun_path[0] = '\0';
    // Of an abstract name every byte counts, so there must be no more of them than it has.
    const auto size = offsetof(sockaddr_un, sun_path) + socket.size();
    return std::string(reinterpret_cast<const char*>(&address), size);
}

std::optional<std::chrono::microseconds> watchdog_interval(const char* usec,
                                                           const char* for_pid,
                                                           int own_pid) {
    if (!usec || (for_pid && std::to_string(own_pid) != for_pid)) return std::nullopt;
    std::int64_t value = 0;
    const char* end = usec + std::strlen(usec);
    const auto [read, error] = std::from_chars(usec, end, value);
    if (error != std::errc{} || read != end || value < 2) return std::nullopt;
    return std::chrono::microseconds(value / 2);
}

ServiceManager::ServiceManager() {
    if (const char* socket = std::getenv("NOTIFY_SOCKET")) {
        if (const auto address = notify_address(socket)) {
            address_ = *address;
            socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        }
    }
    alive_every_ =
        watchdog_interval(std::getenv("WATCHDOG_USEC"), std::getenv("WATCHDOG_PID"), getpid());
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) unsetenv(name);
}

ServiceManager::~ServiceManager() {
    if (socket_ >= 0) close(socket_);
}

void ServiceManager::send(std::string_view assignments) const {
    if (socket_ < 0) return;
    ::sendto(socket_, assignments.data(), assignments.size(), MSG_NOSIGNAL,
             reinterpret_cast<const sockaddr*>(address_.data()),
             static_cast<socklen_t>(address_.size()));
}

void ServiceManager::ready(std::string_view status) const {
    send("READY=1\nSTATUS=" + one_line(status));
}
void ServiceManager::status(std::string_view status) const { send("STATUS=" + one_line(status)); }
void ServiceManager::reloading() const { send("RELOADING=1"); }
void ServiceManager::stopping() const { send("STOPPING=1"); }
void ServiceManager::alive() const { send("WATCHDOG=1"); }

}  // namespace livechat
