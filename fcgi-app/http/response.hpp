// One HTTP answer, and its form on the way to the web server (CGI, RFC 3875, section 6.3).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace livechat::http {

struct Response {
    int status = 200;
    std::string_view content_type = "application/json";
    std::string body = {};
    // Beside Content-Type, Content-Length, Cache-Control and X-Request-Id, which every answer has.
    // Names and values are ours: no byte of them comes from a peer unencoded.
    std::vector<std::pair<std::string_view, std::string>> headers = {};
    bool head_only = false;  // the answer to HEAD: Content-Length as of GET, and no body
};

// "Not Found" for 404; of the statuses that we use.
std::string_view reason_phrase(int status);

// Status line and headers with the empty line behind them; the body goes after it.
void append_head(std::string& out, const Response& response, std::string_view request_id);

}  // namespace livechat::http
