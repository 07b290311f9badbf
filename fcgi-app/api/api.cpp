#include "api/api.hpp"

#include <chrono>
#include <exception>
#include <type_traits>

#include "api/cors.hpp"
#include "api/problems.hpp"
#include "base/log.hpp"
#include "base/origin.hpp"
#include "db/figures.hpp"

namespace livechat::api {
namespace {

using Clock = std::chrono::steady_clock;
using http::Method;
using http::Request;

using Milliseconds = std::chrono::milliseconds;

struct Outcome {
    int status;
    Milliseconds time;
    Milliseconds in_database;
    bool slow;
};

void log_request(const Request& request, std::string_view route, const Outcome& outcome) {
    const auto level = outcome.status == 500  ? log::Level::error
                       : outcome.slow         ? log::Level::warning
                       : outcome.status > 500 ? log::Level::info
                                              : log::Level::debug;
    if (!log::enabled(level)) return;
    // The pattern, not the path: a clientId is private.
    const log::Fields fields{{"method", to_string(request.method)},
                             {"route", route},
                             {"status", outcome.status},
                             {"ms", outcome.time.count()},
                             {"database_ms", outcome.in_database.count()},
                             {"request_id", request.request_id}};
    switch (level) {
        case log::Level::error:
            return log::error("request", fields);
        case log::Level::warning:
            return log::warning("slow_request", fields);
        case log::Level::info:
            return log::info("request", fields);
        default:
            return log::debug("request", fields);
    }
}

void log_database_error(const Request& request, const db::Error& error) {
    log::warning("database_error", {{"request_id", request.request_id},
                                    {"code", error.code()},
                                    {"reason", db::reason_of(error)}});
}

}  // namespace

Api::Api(db::Connection& connection,
         const Config& config,
         SharedLimits& shared,
         const std::function<void()>& committed)
    : config_(config),
      chat_(connection, config.limits, committed),
      access_(connection, config, shared, committed),
      agents_(connection, config.auth),
      bans_(connection, config.limits),
      context_{chat_, config.limits, access_, agents_, bans_} {
    add_routes();
}

void Api::add_routes() {
    // Some handlers want the value in the path.
    const auto add = [this](Method method, std::string_view pattern, auto handler) {
        router_.add(method, pattern,
                    [this, handler](const Request& request, const std::string& of) {
                        if constexpr (std::is_invocable_v<decltype(handler), const Context&,
                                                          const Request&, const std::string&>) {
                            return handler(context_, request, of);
                        } else {
                            return handler(context_, request);
                        }
                    });
    };
    add(Method::post, "/api/chat/initialize", initialize);
    add(Method::get, "/api/chat/sessions", list_sessions);
    add(Method::get, "/api/chat/sessions/:clientId", show_session);
    add(Method::get, "/api/chat/history/:clientId", show_history);
    add(Method::put, "/api/chat/read/:clientId", mark_read);
    add(Method::put, "/api/chat/close/:clientId", close_session);
    add(Method::post, "/api/chat/messages/:clientId", send_message);
    add(Method::post, "/api/chat/login", log_in);
    add(Method::post, "/api/chat/logout", log_out);
    add(Method::get, "/api/chat/me", show_me);
    add(Method::del, "/api/chat/tokens/:clientId", sign_out);
    add(Method::post, "/api/chat/bans", add_ban);
    add(Method::get, "/api/chat/bans", list_bans);
    add(Method::del, "/api/chat/bans/:id", remove_ban);
}

http::Response Api::answer(const Request& request, Admission admission) const {
    const auto start = Clock::now();
    const auto database_start = db::time_in_database();
    auto answer = try_answer(request, admission);
    auto response = answer ? *std::move(answer) : to_response(answer.error(), request.request_id);
    if (is_foreign(request, config_.auth)) {
        add_refusal_headers(request, response);
    } else {
        add_cors_headers(request, config_.auth, response);
    }
    response.head_only = request.method == Method::head;
    const auto time = std::chrono::duration_cast<Milliseconds>(Clock::now() - start);
    const auto in_database =
        std::chrono::duration_cast<Milliseconds>(db::time_in_database() - database_start);
    const auto slow = config_.log.slow_request;
    log_request(request, route_of(request),
                {response.status, time, in_database, slow.count() > 0 && time >= slow});
    return response;
}

http::Answer Api::try_answer(const Request& request, Admission admission) const {
    try {
        if (is_foreign(request, config_.auth)) {
            report_refused_origin(request.origin, request.host);
            return tl::unexpected(to_problem(
                Failure{ErrorCode::origin_refused, origin_refusal(request.origin, request.host)}));
        }
        if (http::announces_more_than(request, context_.limits.body_bytes)) {
            return tl::unexpected(
                to_problem(http::BodyError::too_large, context_.limits.body_bytes));
        }
        if (admission == Admission::readers && http::may_write(request.method)) {
            return tl::unexpected(to_problem(
                Failure{ErrorCode::busy, "The database takes no writes now; try again"}));
        }
        return router_.answer(request);
    } catch (const db::Error& error) {
        log_database_error(request, error);
        return tl::unexpected(to_problem(error));
    } catch (const std::exception& error) {
        log::error("unexpected_error",
                   {{"request_id", request.request_id}, {"error", error.what()}});
        return tl::unexpected(unexpected_problem());
    }
}

}  // namespace livechat::api
