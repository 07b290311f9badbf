// Which pages of other origins may call us, and how a browser is told (Fetch Standard, "CORS
// protocol"). Pure.
#pragma once

#include "base/config.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace livechat::api {

// A page of an origin that is neither ours nor allowed made the request. It is refused whatever it
// asks for; programs other than browsers send no Origin.
bool is_foreign(const http::Request& request, const AuthConfig& auth);

// Lets that page read why it was refused, where it asked without credentials: a
// widget that is embedded there can say so, instead of that there is no connection. For the refusal
// alone.
void add_refusal_headers(const http::Request& request, http::Response& response);

// Adds what the browser wants to see for a page of an allowed origin; nothing for our own pages. To
// be called for every answer to a request that is not foreign.
void add_cors_headers(const http::Request& request,
                      const AuthConfig& auth,
                      http::Response& response);

}  // namespace livechat::api
