#include "api/handlers.hpp"
#include "api/problems.hpp"
#include "api/query.hpp"
#include "domain/json.hpp"
#include "http/url.hpp"

namespace livechat::api {
namespace {

Result<SessionStatus> parse_status(std::string_view word) {
    if (word == to_string(SessionStatus::active)) return SessionStatus::active;
    if (word == to_string(SessionStatus::closed)) return SessionStatus::closed;
    return fail(ErrorCode::status_invalid, "status is \"active\" or \"closed\"");
}

}  // namespace

Answer list_sessions(const Context& context, const http::Request& request) {
    auto caller = context.access.read(request);
    const auto query = read_session_query(request.query, context.limits);
    if (!query) return tl::unexpected(query.error());
    const auto page = context.access.permit(caller, {Operation::list_sessions}).and_then([&] {
        return context.chat.sessions(*query);
    });
    if (!page) return tl::unexpected(to_problem(page.error()));

    http::Response response;
    append_json(response.body, *page);
    if (page->next) response.headers.emplace_back("Link", next_link(*query, *page->next));
    return response;
}

Answer show_session(const Context& context,
                    const http::Request& request,
                    const std::string& client_id) {
    auto caller = context.access.read(request);
    const auto session =
        context.access.permit(caller, {Operation::list_sessions, client_id}).and_then([&] {
            return context.chat.session(client_id);
        });
    if (!session) return tl::unexpected(to_problem(session.error()));
    http::Response response;
    livechat::append_json(response.body, *session);
    return response;
}

tl::expected<SessionQuery, http::Problem> read_session_query(std::string_view raw,
                                                             const Limits& limits) {
    const auto parameters = http::Query::parse(raw);
    if (!parameters) return tl::unexpected(bad_query_problem());

    SessionQuery query;
    const auto limit =
        integer_parameter(*parameters, "limit", 1, limits.sessions_limit, ErrorCode::limit_invalid);
    if (!limit) return tl::unexpected(to_problem(limit.error()));
    query.limit = limit->value_or(0);

    if (const auto word = parameters->get("status")) {
        const auto status = parse_status(*word);
        if (!status) return tl::unexpected(to_problem(status.error()));
        query.status = *status;
    }
    if (const auto cursor = parameters->get("cursor")) query.cursor = std::string(*cursor);
    return query;
}

void append_json(std::string& out, const SessionPage& page) {
    out += '[';
    for (const Session& session : page.sessions) {
        if (out.back() != '[') out += ',';
        livechat::append_json(out, session);
    }
    out += ']';
}

std::string next_link(const SessionQuery& query, std::string_view next) {
    std::string link = "</api/chat/sessions?status=";
    link += to_string(query.status);
    if (query.limit > 0) link += "&limit=" + std::to_string(query.limit);
    link += "&cursor=";
    link += next;
    link += R"(>; rel="next")";
    return link;
}

}  // namespace livechat::api
