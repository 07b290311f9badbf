// The listening socket that all workers share: handed over by the process that started us (fd 0
// from spawn-fcgi and inetd-like starters, or sd_listen_fds(3) from systemd), or opened from the
// configuration.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

namespace livechat::fcgi_io {

// The socket cannot be had; what() is a sentence for the operator.
struct ListenError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct UnixAddress {
    std::string path;
    bool operator==(const UnixAddress&) const = default;
};

struct TcpAddress {
    std::string host;  // a name or a number; without the brackets of "[::1]"
    std::string port;  // 1 to 65535
    bool operator==(const TcpAddress&) const = default;
};

// "unix:/path" or "host:port", where an IPv6 number stands in brackets. Throws ListenError.
using ListenAddress = std::variant<UnixAddress, TcpAddress>;
ListenAddress parse_listen_address(std::string_view text);

// Owns the descriptor. Non-blocking: workers wait on it themselves (see request_loop.hpp).
class ListenSocket {
  public:
    // Takes what was handed over, else opens `configured`. A file that a dead process left at the
    // path is replaced; one where another process listens, or that is no socket, is an error.
    // Throws ListenError.
    static ListenSocket take_or_open(std::string_view configured);
    // Opens it in any case.
    static ListenSocket open(std::string_view configured);

    ListenSocket(ListenSocket&& other) noexcept;
    ListenSocket& operator=(ListenSocket&&) = delete;
    ~ListenSocket();

    int fd() const { return fd_; }
    // For log lines: "unix:/run/livechat/fcgi.sock", "127.0.0.1:9000" or "fd:0".
    const std::string& name() const { return name_; }
    // systemd holds the socket as well and hands it to our successor: clients that wait are not
    // lost when we leave.
    bool kept_for_successor() const;

    // Takes the socket file away, if it is still ours: no new client can connect, and those who
    // wait in the backlog can still be answered. The master calls it; harmless when repeated.
    void withdraw() noexcept;

  private:
    ListenSocket(int fd, std::string name, bool inherited)
        : fd_(fd), name_(std::move(name)), inherited_(inherited) {}
    static ListenSocket open_unix(const UnixAddress& address);
    static ListenSocket open_tcp(const TcpAddress& address);

    int fd_;
    std::string name_;
    bool inherited_;
    std::string path_;  // of the socket file, while we have one
    std::uint64_t device_ = 0;
    std::uint64_t inode_ = 0;
};

}  // namespace livechat::fcgi_io
