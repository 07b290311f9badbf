#include "api/credentials.hpp"

#include <algorithm>

#include "base/origin.hpp"

namespace livechat::api {
namespace {

bool equal_ignoring_case(std::string_view one, std::string_view other) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::ranges::equal(one, other, {}, lower, lower);
}

// "https://www.example.org" of "https://www.example.org/page?x".
std::string_view origin_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return url;
    return url.substr(0, url.find_first_of("/?#", scheme + 3));
}

std::string cookie_text(const TokenCookie& cookie,
                        std::string_view value,
                        std::chrono::seconds lifetime,
                        bool secure) {
    std::string text(secure ? cookie.host_name : cookie.plain_name);
    text += '=';
    text += value;
    text += "; Path=/; Max-Age=" + std::to_string(lifetime.count());
    text += "; HttpOnly; SameSite=Lax";
    if (secure) text += "; Secure";
    return text;
}

}  // namespace

Credentials read_credentials(const http::Request& request) {
    constexpr std::string_view kScheme = "Bearer ";
    Credentials credentials;
    const auto& header = request.authorization;
    if (equal_ignoring_case(header.substr(0, kScheme.size()), kScheme)) {
        credentials.has_bearer = true;
        credentials.bearer = header.substr(kScheme.size());
        return credentials;
    }
    credentials.visitor_cookie = cookie_token(request.cookie, kVisitorCookie);
    credentials.agent_cookie = cookie_token(request.cookie, kAgentCookie);
    return credentials;
}

bool comes_from_our_pages(const http::Request& request, const AuthConfig& auth) {
    const auto allowed = [&](std::string_view origin) {
        return origin_allowed(origin, request.host, request.secure, auth.allowed_origins);
    };
    if (!request.origin.empty()) return allowed(request.origin);
    if (!request.fetch_site.empty()) return request.fetch_site == "same-origin";
    return !request.referer.empty() && allowed(origin_of(request.referer));
}

bool is_write(http::Method method) {
    return method == http::Method::post || method == http::Method::put ||
           method == http::Method::del;
}

bool gives_secure_cookies(const http::Request& request, const AuthConfig& auth) {
    return request.secure || auth.cookie_secure == "always";
}

std::string set_cookie(const TokenCookie& cookie,
                       std::string_view token,
                       std::chrono::seconds lifetime,
                       bool secure) {
    return cookie_text(cookie, token, lifetime, secure);
}

std::string clear_cookie(const TokenCookie& cookie, bool secure) {
    return cookie_text(cookie, "", std::chrono::seconds(0), secure);
}

}  // namespace livechat::api
