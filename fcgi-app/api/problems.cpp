#include "api/problems.hpp"

#include <algorithm>
#include <string>

namespace livechat::api {
namespace {

using namespace std::chrono_literals;

constexpr auto kAwayRetry = 2s;
constexpr auto kBusyRetry = 1s;

http::Problem unavailable(std::chrono::seconds retry_after, ErrorCode code, std::string detail) {
    return {.code = code, .detail = std::move(detail), .retry_after = retry_after};
}

}  // namespace

http::Problem to_problem(const Failure& failure) {
    http::Problem problem{.code = failure.code, .detail = failure.message};
    if (problem.status == 503) problem.retry_after = kBusyRetry;
    if (failure.retry_after) {
        problem.retry_after =
            std::max(1s, std::chrono::ceil<std::chrono::seconds>(*failure.retry_after));
    }
    return problem;
}

http::Problem to_problem(const db::Error& error) {
    switch (error.kind()) {
        case db::ErrorKind::lost:
        case db::ErrorKind::in_doubt:
            return unavailable(kAwayRetry, ErrorCode::unavailable,
                               "The database is unavailable; try again");
        case db::ErrorKind::deadlock:
        case db::ErrorKind::locked:
            return unavailable(kBusyRetry, ErrorCode::busy, "The conversation is busy; try again");
        case db::ErrorKind::too_large:
            return {.code = ErrorCode::message_too_long,
                    .status = 413,
                    .detail = "The database takes no message of this length"};
        default:
            return unexpected_problem();
    }
}

http::Problem to_problem(http::BodyError error, std::size_t limit) {
    switch (error) {
        case http::BodyError::too_large:
            return {.code = ErrorCode::body_too_large,
                    .detail = "A body has at most " + std::to_string(limit) + " bytes"};
        case http::BodyError::incomplete:
            return {.code = ErrorCode::body_incomplete,
                    .detail = "The body is shorter than Content-Length says"};
        case http::BodyError::bad_length:
            break;
    }
    return {.code = ErrorCode::body_incomplete,
            .detail = "Content-Length is not the length of a body"};
}

http::Problem unexpected_problem() {
    return {.code = ErrorCode::internal,
            .detail = "Internal error; the log has the reason under this requestId"};
}

}  // namespace livechat::api
