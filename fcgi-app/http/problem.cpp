#include "http/problem.hpp"

#include "base/json.hpp"

namespace livechat::http {

Response to_response(const Problem& problem, std::string_view request_id) {
    Response response;
    response.status = problem.status;
    response.content_type = "application/problem+json";

    // "about:blank" says that the title is the status' own phrase; `code` tells the kinds apart.
    std::string& body = response.body;
    body = R"({"type":"about:blank","title":)";
    append_json_string(body, reason_phrase(problem.status));
    body += R"(,"status":)";
    body += std::to_string(problem.status);
    body += R"(,"detail":)";
    append_json_string(body, problem.detail);
    body += R"(,"code":)";
    append_json_string(body, to_string(problem.code));
    body += R"(,"requestId":)";
    append_json_string(body, request_id);
    body += '}';

    if (problem.retry_after) {
        response.headers.emplace_back("Retry-After", std::to_string(problem.retry_after->count()));
    }
    if (problem.status == 401) {
        response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"livechat\"");
    }
    if (!problem.allow.empty()) response.headers.emplace_back("Allow", problem.allow);
    return response;
}

}  // namespace livechat::http
