#include "api/cors.hpp"

#include <algorithm>

#include "base/origin.hpp"

namespace livechat::api {

bool is_foreign(const http::Request& request, const AuthConfig& auth) {
    return !origin_allowed(request.origin, request.host, request.secure, auth.allowed_origins);
}

void add_refusal_headers(const http::Request& request, http::Response& response) {
    if (request.method != http::Method::get) return;
    if (!request.authorization.empty() || !request.cookie.empty()) return;
    response.headers.emplace_back("Access-Control-Allow-Origin", "*");
}

void add_cors_headers(const http::Request& request,
                      const AuthConfig& auth,
                      http::Response& response) {
    auto& headers = response.headers;
    // Answers differ by it as soon as there is a list, also to those who send none.
    if (!auth.allowed_origins.empty()) headers.emplace_back("Vary", "Origin");
    if (!is_cross_origin(request.origin, request.host, request.secure)) return;

    headers.emplace_back("Access-Control-Allow-Origin", std::string(request.origin));
    headers.emplace_back("Access-Control-Allow-Credentials", "true");
    if (request.method == http::Method::options && !request.preflight_method.empty()) {
        const auto allow =
            std::ranges::find(headers, "Allow", [](const auto& header) { return header.first; });
        headers.emplace_back("Access-Control-Allow-Methods",
                             allow == headers.end() ? "" : allow->second);
        headers.emplace_back("Access-Control-Allow-Headers", "Authorization, Content-Type");
        headers.emplace_back("Access-Control-Max-Age", "600");
    } else {
        headers.emplace_back("Access-Control-Expose-Headers",
                             "Date, Link, Retry-After, X-Request-Id");
    }
}

}  // namespace livechat::api
