#include "base/line_writer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace livechat::log {

LineWriter::LineWriter(int fd) : fd_(fd) {
    struct stat target {};
    if (::fstat(fd, &target) != 0) return;
    socket_ = S_ISSOCK(target.st_mode);
    if (!S_ISFIFO(target.st_mode) && !S_ISCHR(target.st_mode)) return;
    // Opened once more, it has flags of its own: O_NONBLOCK on the one that we were given would
    // surprise those who gave it. Who started us as another user may not let us: then poll() has to
    // do, which is right as long as no one else fills the pipe in between.
    const std::string file = "/proc/self/fd/" + std::to_string(fd);
    own_fd_ = ::open(file.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

LineWriter::~LineWriter() {
    if (own_fd_ >= 0) ::close(own_fd_);
}

bool LineWriter::write(std::string_view line) {
    if (!write_rest()) return false;
    const std::size_t written = write_some(line);
    if (written == 0 && !line.empty()) return false;
    rest_ = line.substr(written);
    return true;
}

bool LineWriter::write_rest() {
    if (rest_.empty()) return true;
    rest_.erase(0, write_some(rest_));
    return rest_.empty();
}

// How many bytes it took. An error other than "not now" takes all: there is no one to tell.
std::size_t LineWriter::write_some(std::string_view bytes) const {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto left = bytes.substr(done);
        ssize_t got = 0;
        if (socket_) {
            got = ::send(fd_, left.data(), left.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        } else if (own_fd_ >= 0) {
            got = ::write(own_fd_, left.data(), left.size());
        } else {
            pollfd ready{fd_, POLLOUT, 0};
            if (::poll(&ready, 1, 0) == 0) return done;
            // So much goes into a pipe that poll() calls ready.
            got = ::write(fd_, left.data(), std::min<std::size_t>(left.size(), PIPE_BUF));
        }
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return done;
        if (got < 0) return bytes.size();
        done += static_cast<std::size_t>(got);
    }
    return done;
}

}  // namespace livechat::log
