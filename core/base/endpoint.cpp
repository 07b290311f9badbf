#include "base/endpoint.hpp"

#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace livechat {
namespace {

constexpr std::string_view kUnix = "unix:";

bool is_port(std::string_view text) {
    constexpr std::size_t kDigits = 5;
    if (text.empty() || text.size() > kDigits) return false;
    if (!std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return false;
    return std::stoul(std::string(text)) <= 65535;
}

std::string_view remedy(int error) {
    switch (error) {
        case EADDRINUSE:
            return "end the program that listens there (ss -lp names it), or give this one another "
                   "endpoint in the configuration";
        case EACCES:
        case EPERM:
            return "this user may not: make the folder writable for him, or take a port above 1023";
        case ENOENT:
            return "make the folder (systemd-tmpfiles --create makes /run/livechat)";
        case ENOTSOCK:
            return "another file is there: remove it, or take another name in the configuration";
        case EADDRNOTAVAIL:
            return "this machine has no such address: put it right in the configuration";
        default:
            return "put it right in the configuration";
    }
}

}  // namespace

bool is_endpoint(std::string_view text) {
    if (text.starts_with(kUnix)) {
        const auto path = text.substr(kUnix.size());
        return path.starts_with('/') && path.size() < sizeof(sockaddr_un::sun_path);
    }
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const auto host = text.substr(0, colon);
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (!bracketed && host.find(':') != std::string_view::npos) return false;
    return host.find_first_of(" /") == std::string_view::npos && is_port(text.substr(colon + 1));
}

bool is_local_endpoint(std::string_view endpoint) {
    if (endpoint.starts_with(kUnix)) return true;
    const auto host = endpoint.substr(0, endpoint.rfind(':'));
    return host == "localhost" || host == "[::1]" ||
           (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
}

std::string cannot_listen(std::string_view endpoint, int error) {
    std::string text = "cannot listen at ";
    text += endpoint;
    text += ": ";
    text += std::strerror(error);
    text += ": ";
    return text += remedy(error);
}

}  // namespace livechat
