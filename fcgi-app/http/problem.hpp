// Errors as the client sees them: problem details (RFC 9457) with the members `code` and
// `requestId`.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "domain/failure.hpp"
#include "http/response.hpp"

namespace livechat::http {

struct Problem {
    ErrorCode code = ErrorCode::internal;
    int status = http_status(code);
    std::string detail = {};  // for people; safe to show to a stranger
    std::optional<std::chrono::seconds> retry_after = {};
    std::string allow = {};  // of a 405: the methods that would do
};

Response to_response(const Problem& problem, std::string_view request_id);

}  // namespace livechat::http
