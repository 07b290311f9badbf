#include "fcgi_io/listen_socket.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "base/endpoint.hpp"
#include "base/handed_over.hpp"

namespace livechat::fcgi_io {
namespace {

// The kernel cuts it to net.core.somaxconn. Long, because connections that wait here while workers
// are replaced is not lost.
constexpr int kBacklog = 4096;
constexpr mode_t kSocketMode = 0660;
// How long a TCP peer may keep a worker waiting; accepted connections inherit it.
constexpr timeval kPeerTimeout{.tv_sec = 60, .tv_usec = 0};

[[noreturn]] void fail(const std::string& what, int error) {
    throw ListenError(what + ": " + std::generic_category().message(error));
}

// One for all workers.
std::optional<int> handed_over_descriptor() {
    try {
        const auto sockets = handed_over_sockets();
        if (sockets.size() > 1) {
            throw ListenError("LISTEN_FDS is " + std::to_string(sockets.size()) +
                              ", but this program needs 1 socket");
        }
        if (!sockets.empty()) return sockets.front();
    } catch (const HandoverError& error) {
        throw ListenError(error.what());
    }
    if (is_listening(STDIN_FILENO)) return STDIN_FILENO;
    return std::nullopt;
}

void make_nonblocking(int fd) {
    const int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        fail("the listening socket", errno);
}

sockaddr_un unix_sockaddr(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        throw ListenError("the path of the listening socket is longer than " +
                          std::to_string(sizeof address.sun_path - 1) + " bytes: " + path);
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

int connect_to(const sockaddr_un& address) {
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) fail("socket", errno);
    const int error =
        connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
    close(fd);
    return error;
}

// Only a socket that refuses connections is a leftover. Anything else stays, and is an error.
void remove_leftover(const UnixAddress& unix_address, const sockaddr_un& address) {
    struct stat found {};
    if (lstat(unix_address.path.c_str(), &found) != 0) return;
    if (!S_ISSOCK(found.st_mode)) {
        throw ListenError(cannot_listen("unix:" + unix_address.path, ENOTSOCK));
    }
    const int error = connect_to(address);
    if (error == ECONNREFUSED) {
        if (unlink(unix_address.path.c_str()) != 0) fail(unix_address.path, errno);
    } else if (error != ENOENT) {
        throw ListenError(cannot_listen("unix:" + unix_address.path, EADDRINUSE));
    }
}

}  // namespace

ListenAddress parse_listen_address(std::string_view text) {
    constexpr std::string_view kUnix = "unix:";
    if (text.starts_with(kUnix)) {
        text.remove_prefix(kUnix.size());
        if (text.empty()) throw ListenError("the listen address unix: names no path");
        return UnixAddress{std::string(text)};
    }

    const auto colon = text.rfind(':');
    const std::string given(text);
    if (colon == std::string_view::npos || colon == 0) {
        throw ListenError("a listen address is unix:/path or host:port, not \"" + given + "\"");
    }
    auto host = text.substr(0, colon);
    const auto port = text.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);

    unsigned number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc{} || end != port.data() + port.size() || number < 1 || number > 65535) {
        throw ListenError("the listen address \"" + given + "\" needs a port from 1 to 65535");
    }
    if (host.empty()) throw ListenError("the listen address \"" + given + "\" names no host");
    return TcpAddress{std::string(host), std::string(port)};
}

ListenSocket ListenSocket::take_or_open(std::string_view configured) {
    if (const auto fd = handed_over_descriptor()) {
        make_nonblocking(*fd);
        return ListenSocket(*fd, "fd:" + std::to_string(*fd), true);
    }
    return open(configured);
}

ListenSocket ListenSocket::open(std::string_view configured) {
    const auto address = parse_listen_address(configured);
    if (const auto* unix_address = std::get_if<UnixAddress>(&address)) {
        return open_unix(*unix_address);
    }
    return open_tcp(std::get<TcpAddress>(address));
}

ListenSocket ListenSocket::open_unix(const UnixAddress& unix_address) {
    const std::string& path = unix_address.path;
    const auto address = unix_sockaddr(path);
    remove_leftover(unix_address, address);

    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("socket", errno);
    ListenSocket listen_socket(fd, "unix:" + path, false);

    // No one may connect between bind and chmod who may not afterwards.
    const mode_t mask = umask(0777 & ~kSocketMode);
    const int bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const int error = errno;
    umask(mask);
    if (bound != 0) throw ListenError(cannot_listen("unix:" + path, error));

    struct stat made {};
    if (lstat(path.c_str(), &made) == 0) {
        listen_socket.path_ = path;
        listen_socket.device_ = made.st_dev;
        listen_socket.inode_ = made.st_ino;
    }
    if (listen(fd, kBacklog) != 0) throw ListenError(cannot_listen("unix:" + path, errno));
    return listen_socket;
}

ListenSocket ListenSocket::open_tcp(const TcpAddress& address) {
    const std::string name = address.host + ":" + address.port;
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* found = nullptr;
    const int error = getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found);
    if (error != 0) throw ListenError("cannot listen at " + name + ": " + gai_strerror(error));
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);

    const int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("socket", errno);
    ListenSocket listen_socket(fd, name, false);

    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &kPeerTimeout, sizeof kPeerTimeout);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &kPeerTimeout, sizeof kPeerTimeout);
    if (bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, kBacklog) != 0) {
        throw ListenError(cannot_listen(name, errno));
    }
    return listen_socket;
}

ListenSocket::ListenSocket(ListenSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      name_(std::move(other.name_)),
      inherited_(other.inherited_),
      path_(std::exchange(other.path_, {})),
      device_(other.device_),
      inode_(other.inode_) {}

ListenSocket::~ListenSocket() {
    if (fd_ >= 0) close(fd_);
}

bool ListenSocket::kept_for_successor() const { return inherited_ && fd_ == kFirstHandedOver; }

void ListenSocket::withdraw() noexcept {
    struct stat found {};
    // A successor may have put its own socket there: then the inode is another.
    if (!path_.empty() && lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ &&
        found.st_ino == inode_) {
        unlink(path_.c_str());
    }
    path_.clear();
}

}  // namespace livechat::fcgi_io
