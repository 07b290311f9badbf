#include "base/origin.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/log.hpp"

namespace livechat {
namespace {

constexpr std::string_view kHttp = "http";
constexpr std::string_view kHttps = "https";
constexpr std::size_t kShown = 200;  // bytes of a header's value in a log line or an answer
constexpr std::chrono::minutes kReportEvery{1};

struct Origin {
    std::string scheme;
    std::string authority;  // host and port, in lower case, without the scheme's default port

    bool operator==(const Origin&) const = default;
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string to_lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

bool is_web(std::string_view scheme) { return scheme == kHttp || scheme == kHttps; }

// RFC 3986, section 3.1, in lower case.
bool is_scheme(std::string_view text) {
    const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !text.empty() && letter(text.front()) && std::ranges::all_of(text, [&](char c) {
        return letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    });
}

std::string without_default_port(std::string authority, std::string_view scheme) {
    if (!is_web(scheme)) return authority;
    const std::string_view port = scheme == kHttps ? ":443" : ":80";
    if (authority.ends_with(port)) authority.resize(authority.size() - port.size());
    return authority;
}

// A host name, an IPv4 address or a bracketed IPv6 one, and perhaps ":port".
bool is_authority(std::string_view text) {
    auto host = text;
    if (host.starts_with('[')) {
        const auto end = host.find(']');
        if (end == std::string_view::npos || end == 1) return false;
        const auto address = host.substr(1, end - 1);
        if (address.find_first_not_of("0123456789abcdef:.") != std::string_view::npos) return false;
        host.remove_prefix(end + 1);
        if (host.empty()) return true;
        if (!host.starts_with(':')) return false;
    }
    const auto colon = host.find(':');
    const auto name = host.substr(0, colon);
    if (text.front() != '[' && name.empty()) return false;
    const auto odd = [](char c) {
        return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' ||
                 c == '_');
    };
    if (std::ranges::any_of(name, odd)) return false;
    if (colon == std::string_view::npos) return true;
    const auto port = host.substr(colon + 1);
    return !port.empty() && port.size() <= 5 &&
           port.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<Origin> parse(std::string_view text) {
    const std::string lowered = to_lower(text);
    const auto end = lowered.find("://");
    if (end == std::string::npos) return std::nullopt;
    const std::string scheme = lowered.substr(0, end);
    std::string authority = lowered.substr(end + 3);
    if (!is_scheme(scheme) || authority.empty() || !is_authority(authority)) return std::nullopt;
    authority = without_default_port(std::move(authority), scheme);
    return Origin{scheme, authority};
}

// A header's value as it may stand in an answer: of any length, and maybe no text at all.
std::string shown(std::string_view value) {
    std::string text(value.substr(0, kShown));
    std::ranges::replace_if(
        text, [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

bool is_own(const Origin& origin, std::string_view host, bool secure) {
    // An app's "localhost" is not the server's.
    if (!is_web(origin.scheme) || (secure && origin.scheme != kHttps)) return false;
    return origin.authority == without_default_port(to_lower(host), origin.scheme);
}

}  // namespace

bool origin_allowed(std::string_view origin,
                    std::string_view host,
                    bool secure,
                    std::span<const std::string> allowed) {
    if (origin.empty()) return true;
    const auto from = parse(origin);
    if (!from) return false;
    return is_own(*from, host, secure) ||
           std::ranges::any_of(allowed, [&](const auto& one) { return parse(one) == from; });
}

bool is_cross_origin(std::string_view origin, std::string_view host, bool secure) {
    if (origin.empty()) return false;
    const auto from = parse(origin);
    return !from || !is_own(*from, host, secure);
}

bool is_origin(std::string_view text) { return parse(text).has_value(); }

std::string origin_refusal(std::string_view origin, std::string_view host) {
    const std::string from = shown(origin);
    const std::string here = host.empty() ? "this server" : shown(host);
    const std::string text = "pages of " + from + " may not call " + here + ": ";
    if (!is_origin(origin)) return text + "this is not an origin that can be allowed";
    return text + "add \"" + from + "\" to auth.allowed_origins";
}

void report_refused_origin(std::string_view origin, std::string_view host) {
    static std::atomic<std::int64_t> next{0};
    static std::atomic<std::uint64_t> unreported{0};
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::steady_clock::now().time_since_epoch())
                         .count();
    auto due = next.load();
    const bool first = due == 0;
    const std::chrono::milliseconds every = kReportEvery;
    if ((!first && now < due) || !next.compare_exchange_strong(due, now + every.count())) {
        ++unreported;
        return;
    }
    log::warning("origin_refused",
                 {{"origin", shown(origin)},
                  {"host", shown(host)},
                  {"others", unreported.exchange(0)},
                  {"reason",
                   "add the origin to auth.allowed_origins, or let the proxy in front pass on the"
                   " Host that the browser asked for"}});
}

}  // namespace livechat
