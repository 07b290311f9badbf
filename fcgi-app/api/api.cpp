#include "api/api.hpp"

#include <chrono>
#include <exception>

#include "api/cors.hpp"
#include "api/problems.hpp"
#include "base/log.hpp"
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
    // The pattern, not the path: a clientId is nobody's business.
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
         RateTable& rates,
         const std::function<void()>& committed)
    : config_(config),
      chat_(connection, config.limits, committed),
      access_(connection, config, rates, committed),
      agents_(connection, config.auth),
      bans_(connection, config.limits),
      context_{chat_, config.limits, access_, agents_, bans_} {
    add_sessions();
    add_access();
}

void Api::add_sessions() {
    const Context& context = context_;
    router_.add(Method::post, "/api/chat/initialize",
                [&context](const Request& request, const std::string&) {
                    return initialize(context, request);
                });
    router_.add(Method::get, "/api/chat/sessions",
                [&context](const Request& request, const std::string&) {
                    return list_sessions(context, request);
                });
    router_.add(Method::get, "/api/chat/sessions/:clientId",
                [&context](const Request& request, const std::string& client_id) {
                    return show_session(context, request, client_id);
                });
    router_.add(Method::get, "/api/chat/history/:clientId",
                [&context](const Request& request, const std::string& client_id) {
                    return show_history(context, request, client_id);
                });
    router_.add(Method::put, "/api/chat/read/:clientId",
                [&context](const Request& request, const std::string& client_id) {
                    return mark_read(context, request, client_id);
                });
    router_.add(Method::put, "/api/chat/close/:clientId",
                [&context](const Request& request, const std::string& client_id) {
                    return close_session(context, request, client_id);
                });
    router_.add(Method::post, "/api/chat/messages/:clientId",
                [&context](const Request& request, const std::string& client_id) {
                    return send_message(context, request, client_id);
                });
}

void Api::add_access() {
    const auto add = [this](Method method, std::string_view pattern, auto handler) {
        router_.add(method, pattern, [this, handler](const Request& request, const std::string&) {
            return handler(context_, request);
        });
    };
    add(Method::post, "/api/chat/login", log_in);
    add(Method::post, "/api/chat/logout", log_out);
    add(Method::get, "/api/chat/me", show_me);
    add(Method::post, "/api/chat/bans", add_ban);
    add(Method::get, "/api/chat/bans", list_bans);
    router_.add(Method::del, "/api/chat/bans/:id",
                [this](const Request& request, const std::string& id) {
                    return remove_ban(context_, request, id);
                });
}

http::Response Api::answer(const Request& request) const {
    const auto start = Clock::now();
    const auto database_start = db::time_in_database();
    auto answer = try_answer(request);
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

http::Answer Api::try_answer(const Request& request) const {
    try {
        if (is_foreign(request, config_.auth)) {
            return tl::unexpected(to_problem(
                Failure{ErrorCode::origin_refused, "pages of this Origin may not call this"}));
        }
        if (http::announces_more_than(request, context_.limits.body_bytes)) {
            return tl::unexpected(
                to_problem(http::BodyError::too_large, context_.limits.body_bytes));
        }
        return router_.answer(request);
    } catch (const db::Error& error) {
        log_database_error(request, error);
        return tl::unexpected(to_problem(error));
    } catch (const std::exception& error) {
        log::error("unforeseen", {{"request_id", request.request_id}, {"error", error.what()}});
        return tl::unexpected(unforeseen_problem());
    }
}

}  // namespace livechat::api
