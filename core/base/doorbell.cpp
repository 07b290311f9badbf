#include "base/doorbell.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/sealed_datagram.hpp"

namespace livechat {
namespace {

constexpr std::string_view kUnix = "unix:";

std::string unix_address(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path) {
        throw std::runtime_error("doorbell: a unix socket's path has 1 to 107 bytes: " + path);
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return {reinterpret_cast<const char*>(&address), sizeof address};
}

std::string inet_address(const std::string& endpoint) {
    const auto colon = endpoint.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == endpoint.size()) {
        throw std::runtime_error("doorbell: write unix:/path or host:port, not " + endpoint);
    }
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    const int error = getaddrinfo(endpoint.substr(0, colon).c_str(),
                                  endpoint.substr(colon + 1).c_str(), &hints, &found);
    if (error != 0) throw std::runtime_error("doorbell: " + endpoint + ": " + gai_strerror(error));
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
    return {reinterpret_cast<const char*>(found->ai_addr), found->ai_addrlen};
}

const sockaddr* as_sockaddr(const std::string& address) {
    return reinterpret_cast<const sockaddr*>(address.data());
}

SealTime now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

std::string datagram_address(const std::string& endpoint) {
    return endpoint.starts_with(kUnix) ? unix_address(endpoint.substr(kUnix.size()))
                                       : inet_address(endpoint);
}

Doorbell::Doorbell(const std::vector<std::string>& endpoints, std::string secret)
    : secret_(std::move(secret)) {
    for (const auto& endpoint : endpoints) {
        auto address = datagram_address(endpoint);
        const int family = as_sockaddr(address)->sa_family;
        const int socket = ::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (socket < 0) throw std::system_error(errno, std::generic_category(), "doorbell");
        bells_.push_back({socket, std::move(address), family != AF_UNIX});
    }
}

Doorbell::~Doorbell() {
    for (const Bell& bell : bells_) ::close(bell.socket);
}

void Doorbell::send(std::string_view datagram) const noexcept {
    std::string sealed;
    for (const auto& [socket, address, seals] : bells_) {
        if (seals && sealed.empty()) sealed = seal_datagram(secret_, datagram, now());
        const std::string_view sent = seals ? sealed : datagram;
        ::sendto(socket, sent.data(), sent.size(), MSG_NOSIGNAL, as_sockaddr(address),
                 static_cast<socklen_t>(address.size()));
    }
}

}  // namespace livechat
