#include "transport/listener.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <stdexcept>

#include "base/endpoint.hpp"
#include "base/log.hpp"

namespace livechat::transport {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";
constexpr int kBacklog = 4096;
constexpr int kAcceptsInARow = 64;  // then the connections have their turn
constexpr std::chrono::milliseconds kPause{100};

[[noreturn]] void fail(std::string_view endpoint, std::string_view what) {
    throw std::runtime_error("cannot listen at " + std::string(endpoint) + ": " +
                             std::string(what));
}

[[noreturn]] void fail_errno(std::string_view endpoint, int error = errno) {
    throw std::runtime_error(cannot_listen(endpoint, error));
}

class Fd {
  public:
    explicit Fd(int fd) : fd_(fd) {}
    ~Fd() {
        if (fd_ >= 0) ::close(fd_);
    }
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

  private:
    int fd_;
};

int new_socket(int family) {
    return ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

int listen_unix(std::string_view endpoint, const std::string& file, unsigned mode) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (file.empty() || file.size() >= sizeof(address.sun_path)) {
        fail(endpoint, "the path is empty or too long");
    }
    file.copy(address.sun_path, file.size());
    const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
    {
        // Left behind by a process that was killed? Then no one answers.
        const Fd probe(new_socket(AF_UNIX));
        if (probe.get() < 0) fail_errno(endpoint);
        if (::connect(probe.get(), generic, sizeof(address)) == 0) {
            fail_errno(endpoint, EADDRINUSE);
        }
        struct stat found {};
        if (errno == ECONNREFUSED && ::lstat(file.c_str(), &found) == 0) {
            if (!S_ISSOCK(found.st_mode)) fail_errno(endpoint, ENOTSOCK);
            ::unlink(file.c_str());
        }
    }
    Fd fd(new_socket(AF_UNIX));
    if (fd.get() < 0 || ::bind(fd.get(), generic, sizeof(address)) != 0 ||
        ::chmod(file.c_str(), mode) != 0 || ::listen(fd.get(), kBacklog) != 0) {
        fail_errno(endpoint);
    }
    return fd.release();
}

int listen_tcp(std::string_view endpoint, int& family) {
    const auto colon = endpoint.rfind(':');
    if (colon == std::string_view::npos) fail(endpoint, "not host:port or unix:/path");
    std::string host(endpoint.substr(0, colon));
    const std::string port(endpoint.substr(colon + 1));
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);

    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int error =
        ::getaddrinfo(host.empty() ? nullptr : host.c_str(), port.c_str(), &hints, &found);
    if (error != 0) fail(endpoint, ::gai_strerror(error));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);

    Fd fd(new_socket(found->ai_family));
    const int on = 1;
    if (fd.get() < 0 || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        ::bind(fd.get(), found->ai_addr, found->ai_addrlen) != 0 ||
        ::listen(fd.get(), kBacklog) != 0) {
        fail_errno(endpoint);
    }
    family = found->ai_family;
    return fd.release();
}

std::string text_of(const sockaddr_storage& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.ss_family == AF_INET) {
        ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text.data(),
                    text.size());
    } else if (address.ss_family == AF_INET6) {
        ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr,
                    text.data(), text.size());
    }
    return text.data();
}

struct LocalAddress {
    sockaddr_storage address{};
    socklen_t length = sizeof(address);
};

LocalAddress local_address(int fd) {
    LocalAddress local;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&local.address), &local.length);
    return local;
}

std::uint16_t port_of(const sockaddr_storage& address) {
    // The port is at the same place in both families.
    return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

// As configurations write it.
std::string endpoint_of(const LocalAddress& local) {
    const auto& [address, length] = local;
    if (address.ss_family == AF_UNIX) {
        const auto& unix_address = reinterpret_cast<const sockaddr_un&>(address);
        const std::size_t size = length - offsetof(sockaddr_un, sun_path);
        return std::string(kUnixPrefix) +
               std::string(unix_address.sun_path, ::strnlen(unix_address.sun_path, size));
    }
    const std::string host = text_of(address);
    return (address.ss_family == AF_INET6 ? "[" + host + "]" : host) + ":" +
           std::to_string(port_of(address));
}

}  // namespace

Listener::Listener(std::shared_ptr<Loop> loop,
                   std::string_view endpoint,
                   unsigned mode,
                   OnAccept on_accept)
    : loop_(std::move(loop)),
      on_accept_(std::move(on_accept)),
      socket_(loop_->io()),
      pause_(loop_->io()),
      endpoint_(endpoint) {
    if (endpoint.starts_with(kUnixPrefix)) {
        const std::string file(endpoint.substr(kUnixPrefix.size()));
        family_ = AF_UNIX;
        socket_.assign(listen_unix(endpoint, file, mode));
        file_ = file;
    } else {
        const int fd = listen_tcp(endpoint, family_);
        socket_.assign(fd);
        endpoint_ = std::string(endpoint.substr(0, endpoint.rfind(':') + 1)) +
                    std::to_string(port_of(local_address(fd).address));
    }
}

Listener::Listener(std::shared_ptr<Loop> loop, int fd, OnAccept on_accept)
    : loop_(std::move(loop)),
      on_accept_(std::move(on_accept)),
      socket_(loop_->io(), fd),
      pause_(loop_->io()),
      handed_over_(true) {
    const auto local = local_address(fd);
    endpoint_ = endpoint_of(local);
    family_ = local.address.ss_family;
}

Listener::~Listener() { stop(); }

void Listener::start() {
    socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                       [weak = weak_from_this()](const asio::error_code& error) {
                           const auto self = weak.lock();
                           if (error || !self || self->stopped_) return;
                           self->accept_all();
                       });
}

void Listener::stop() {
    if (std::exchange(stopped_, true)) return;
    asio::error_code ignored;
    socket_.close(ignored);
    pause_.cancel();
    if (!file_.empty()) ::unlink(file_.c_str());
}

void Listener::accept_all() {
    for (int i = 0; i < kAcceptsInARow && !stopped_; ++i) {
        sockaddr_storage address{};
        socklen_t length = sizeof(address);
        const int fd = ::accept4(socket_.native_handle(), reinterpret_cast<sockaddr*>(&address),
                                 &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno == EINTR || errno == ECONNABORTED) continue;
            if (errno == EAGAIN || errno == EWOULDBLOCK) break;
            // Out of descriptors or memory: the queue keeps its place while others leave.
            log::warning("accept_failed", {{"error", std::strerror(errno)}});
            pause_.expires_after(kPause);
            pause_.async_wait([weak = weak_from_this()](const asio::error_code& error) {
                const auto self = weak.lock();
                if (!error && self && !self->stopped_) self->start();
            });
            return;
        }
        if (family_ != AF_UNIX) {
            const int on = 1;
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        }
        asio::error_code error;
        Stream::Socket socket(loop_->io());
        socket.assign(asio::generic::stream_protocol(family_, 0), fd, error);
        if (error) {
            ::close(fd);
            continue;
        }
        socket.native_non_blocking(true, error);
        on_accept_(std::move(socket), text_of(address));
    }
    if (!stopped_) start();
}

}  // namespace livechat::transport
