#include "api/problems.hpp"

#include <algorithm>
#include <string>

namespace livechat::api {
namespace {

using namespace std::chrono_literals;

constexpr auto kAwayRetry = 2s;
constexpr auto kBusyRetry = 1s;

int status_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::unauthorized:
        case ErrorCode::login_failed:
            return 401;
        case ErrorCode::forbidden:
        case ErrorCode::signature_required:
        case ErrorCode::signature_invalid:
        case ErrorCode::signature_expired:
        case ErrorCode::origin_refused:
        case ErrorCode::origin_required:
        case ErrorCode::banned:
        case ErrorCode::too_many_sessions:
            return 403;
        case ErrorCode::session_not_found:
        case ErrorCode::not_found:
            return 404;
        case ErrorCode::username_taken:
            return 409;
        case ErrorCode::rate_limited:
            return 429;
        case ErrorCode::busy:
        case ErrorCode::unavailable:
            return 503;
        case ErrorCode::internal:
            return 500;
        default:
            return 400;
    }
}

http::Problem unavailable(std::chrono::seconds retry_after, ErrorCode code, std::string detail) {
    return {.status = 503,
            .code = to_string(code),
            .detail = std::move(detail),
            .retry_after = retry_after};
}

}  // namespace

http::Problem to_problem(const Failure& failure) {
    http::Problem problem{.status = status_of(failure.code),
                          .code = to_string(failure.code),
                          .detail = failure.message};
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
                               "The database is away; try again");
        case db::ErrorKind::deadlock:
        case db::ErrorKind::locked:
            return unavailable(kBusyRetry, ErrorCode::busy,
                               "Others are writing to this conversation; try again");
        case db::ErrorKind::too_large:
            return {.status = 413,
                    .code = to_string(ErrorCode::message_too_long),
                    .detail = "The database takes no message of this length"};
        default:
            return unforeseen_problem();
    }
}

http::Problem to_problem(http::BodyError error, std::size_t limit) {
    switch (error) {
        case http::BodyError::too_large:
            return {.status = 413,
                    .code = "body_too_large",
                    .detail = "A body has at most " + std::to_string(limit) + " bytes"};
        case http::BodyError::incomplete:
            return {.status = 400,
                    .code = "body_incomplete",
                    .detail = "The body is shorter than Content-Length says"};
        case http::BodyError::bad_length:
            break;
    }
    return {.status = 400,
            .code = "body_incomplete",
            .detail = "Content-Length is not the length of a body"};
}

http::Problem unforeseen_problem() {
    return {.status = 500,
            .code = to_string(ErrorCode::internal),
            .detail = "Something went wrong here; the log tells what, under this requestId"};
}

}  // namespace livechat::api
