// ENDPOINTs of the configuration: "unix:/path" or "host:port". Pure.
#pragma once

#include <string>
#include <string_view>

namespace livechat {

// Whether the text has the form of one: a path from the root that fits into a socket's address, or
// a host (an IPv6 address in brackets) and a port up to 65535; 0: one that is free.
bool is_endpoint(std::string_view text);

// "unix:…", or "host:port" with a host that only this machine reaches.
bool is_local_endpoint(std::string_view endpoint);

// Why listening at the endpoint failed, and what to do about it, in one sentence. error: an errno.
std::string cannot_listen(std::string_view endpoint, int error);

}  // namespace livechat
