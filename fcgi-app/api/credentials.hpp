// What a request brings to say who it is, and the cookies that a browser is given to bring next
// time (docs/security.md, "Tokens"). Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/config.hpp"
#include "base/cookies.hpp"
#include "http/request.hpp"

namespace livechat::api {

struct Credentials {
    bool has_bearer = false;  // then the cookies are not looked at
    std::string_view bearer;
    std::string_view visitor_cookie;
    std::string_view agent_cookie;

    bool has_cookie() const { return !visitor_cookie.empty() || !agent_cookie.empty(); }
};

// `Authorization` of another scheme is not for us, for example of a password that the web
// server asks for.
Credentials read_credentials(const http::Request& request);

// Whether the request shows by Origin, Sec-Fetch-Site or Referer that a page of ours or of an
// allowed origin made it. A request without proof does not show that either.
bool comes_from_our_pages(const http::Request& request, const AuthConfig& auth);

bool is_write(http::Method method);

// Whether cookies are given as Secure: the request came by https, or auth.cookie_secure says so.
bool gives_secure_cookies(const http::Request& request, const AuthConfig& auth);

// Values of Set-Cookie. secure: see gives_secure_cookies().
std::string set_cookie(const TokenCookie& cookie,
                       std::string_view token,
                       std::chrono::seconds lifetime,
                       bool secure);
std::string clear_cookie(const TokenCookie& cookie, bool secure);

}  // namespace livechat::api
