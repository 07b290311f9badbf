// Which web pages may talk to us: the `Origin` that a browser puts on its requests (RFC 6454, Fetch
// Standard), held against the request's own origin and the configured list. All but the report is
// pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace livechat {

// origin: the header as received; empty means that no browser sent it from a page of another
// origin, and is allowed. host: the Host header ("chat.example.org", "localhost:8080"). secure: the
// request came over TLS. A page of the same host and port is allowed unless it is the less secure
// one of the two: an http page may not use what is served over https. allowed: "scheme://host" or
// "scheme://host:port", compared without regard to case; a default port is the same as none. Apps
// have schemes of their own ("capacitor://localhost", "chrome-extension://…") and are never the
// server's own pages. "null" (a sandboxed frame, a file) is allowed by nothing.
bool origin_allowed(std::string_view origin,
                    std::string_view host,
                    bool secure,
                    std::span<const std::string> allowed);

// Whether the origin is another one than the request's own: what needs the answer headers of CORS.
bool is_cross_origin(std::string_view origin, std::string_view host, bool secure);

// Whether the text is what a browser or an app could send: a scheme, a host, perhaps a port, and
// nothing behind them. For checking a configuration.
bool is_origin(std::string_view text);

// What to tell the developer of a page that was refused: both values, and what to add where.
std::string origin_refusal(std::string_view origin, std::string_view host);

// Logs `origin_refused` with both values, at most once a minute, with how many were not logged
// before. Any thread.
void report_refused_origin(std::string_view origin, std::string_view host);

}  // namespace livechat
