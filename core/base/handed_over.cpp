#include "base/handed_over.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>

namespace livechat {
namespace {

// More than any unit names.
constexpr int kMaxSockets = 64;

}  // namespace

int handed_over_count(const char* pid, const char* count, int own_pid) {
    if (!pid || !count || std::to_string(own_pid) != pid) return 0;
    int number = 0;
    const char* end = count + std::strlen(count);
    const auto [read, error] = std::from_chars(count, end, number);
    if (error != std::errc{} || read != end || number < 0 || number > kMaxSockets) {
        throw HandoverError("LISTEN_FDS is \"" + std::string(count) +
                            "\", expected a number of sockets");
    }
    return number;
}

std::vector<int> handed_over_sockets() {
    const int count =
        handed_over_count(std::getenv("LISTEN_PID"), std::getenv("LISTEN_FDS"), getpid());
    std::vector<int> sockets;
    for (int fd = kFirstHandedOver; fd < kFirstHandedOver + count; ++fd) {
        if (!is_listening(fd)) {
            throw HandoverError("LISTEN_FDS hands over a descriptor that is no listening socket: " +
                                std::to_string(fd));
        }
        const int flags = fcntl(fd, F_GETFL);
        if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
            fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
            throw HandoverError("the socket that was handed over: " +
                                std::generic_category().message(errno));
        }
        sockets.push_back(fd);
    }
    return sockets;
}

bool is_listening(int fd) {
    int listening = 0;
    socklen_t size = sizeof listening;
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0;
}

}  // namespace livechat
