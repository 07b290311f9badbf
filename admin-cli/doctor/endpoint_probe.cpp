#include "doctor/endpoint_probe.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>

namespace livechat::admin {
namespace {

constexpr timeval kPatience{.tv_sec = 2, .tv_usec = 0};
constexpr std::string_view kUnix = "unix:";

class Peer {
  public:
    Peer() = default;
    ~Peer() {
        if (socket_ >= 0) ::close(socket_);
    }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    std::string connect(const std::string& endpoint) {
        return endpoint.starts_with(kUnix) ? connect_unix(endpoint.substr(kUnix.size()))
                                           : connect_tcp(endpoint);
    }

    std::string ask(const std::string& request, std::string& answer) const {
        if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) < 0)
            return std::strerror(errno);
        std::array<char, 256> bytes{};
        const auto count = ::recv(socket_, bytes.data(), bytes.size(), 0);
        if (count < 0) return errno == EAGAIN ? "it does not answer in time" : std::strerror(errno);
        answer.assign(bytes.data(), static_cast<std::size_t>(count));
        return {};
    }

  private:
    std::string open(int family) {
        if (socket_ >= 0) ::close(socket_);
        socket_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (socket_ < 0) return std::strerror(errno);
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
        return {};
    }

    std::string connect_unix(const std::string& path) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        if (path.size() >= sizeof address.sun_path) return "its path is too long";
        path.copy(static_cast<char*>(address.sun_path), path.size());
        if (auto problem = open(AF_UNIX); !problem.empty()) return problem;
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            return std::strerror(errno);
        return {};
    }

    std::string connect_tcp(const std::string& endpoint) {
        const auto colon = endpoint.rfind(':');
        if (colon == std::string::npos) return "not an endpoint";
        auto host = endpoint.substr(0, colon);
        if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
        const addrinfo hints{.ai_flags = 0,
                             .ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_protocol = 0,
                             .ai_addrlen = 0,
                             .ai_addr = nullptr,
                             .ai_canonname = nullptr,
                             .ai_next = nullptr};
        addrinfo* found = nullptr;
        const int failure =
            ::getaddrinfo(host.c_str(), endpoint.substr(colon + 1).c_str(), &hints, &found);
        if (failure != 0) return gai_strerror(failure);
        const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, freeaddrinfo);
        std::string problem = "it has no address";
        for (const addrinfo* one = found; one; one = one->ai_next) {
            problem = open(one->ai_family);
            if (!problem.empty()) continue;
            if (::connect(socket_, one->ai_addr, one->ai_addrlen) == 0) return {};
            problem = std::strerror(errno);
        }
        return problem;
    }

    int socket_ = -1;
};

}  // namespace

std::string probe_connect(const std::string& endpoint) { return Peer().connect(endpoint); }

std::string probe_http(const std::string& endpoint, const std::string& path, int status) {
    Peer peer;
    if (auto problem = peer.connect(endpoint); !problem.empty()) return problem;
    std::string answer;
    auto problem = peer.ask(
        "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", answer);
    if (!problem.empty()) return problem;
    if (!answer.starts_with("HTTP/1.1 " + std::to_string(status))) {
        return "another program answers there: " + answer.substr(0, answer.find('\r'));
    }
    return {};
}

}  // namespace livechat::admin
