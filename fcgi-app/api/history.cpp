#include "api/handlers.hpp"
#include "api/problems.hpp"
#include "api/query.hpp"
#include "domain/json.hpp"
#include "http/url.hpp"

namespace livechat::api {
namespace {

Result<HistoryQuery> read_parameters(const http::Query& parameters, const Limits& limits) {
    HistoryQuery query;
    const auto limit =
        integer_parameter(parameters, "limit", 1, limits.history_limit, ErrorCode::limit_invalid);
    if (!limit) return tl::unexpected(limit.error());
    const auto page =
        integer_parameter(parameters, "page", 1, kLargestInteger, ErrorCode::page_invalid);
    if (!page) return tl::unexpected(page.error());
    const auto after =
        integer_parameter(parameters, "after", 0, kLargestInteger, ErrorCode::seq_invalid);
    if (!after) return tl::unexpected(after.error());
    const auto before =
        integer_parameter(parameters, "before", 0, kLargestInteger, ErrorCode::seq_invalid);
    if (!before) return tl::unexpected(before.error());

    query.limit = limit->value_or(0);
    query.page = page->value_or(1);
    query.after = *after;
    query.before = *before;
    return query;
}

}  // namespace

Answer show_history(const Context& context,
                    const http::Request& request,
                    const std::string& client_id) {
    auto caller = context.access.read(request);
    const auto query = read_history_query(request.query, context.limits);
    if (!query) return tl::unexpected(query.error());
    const auto page = context.access.permit(caller, {Operation::read_history, client_id})
                          .and_then([&] { return context.access.allow_read(caller); })
                          .and_then([&] { return context.chat.history(client_id, *query); });
    if (!page) return tl::unexpected(to_problem(page.error()));

    http::Response response;
    append_json(response.body, *page);
    context.access.count_read(caller, response.body.size());
    return response;
}

tl::expected<HistoryQuery, http::Problem> read_history_query(std::string_view raw,
                                                             const Limits& limits) {
    const auto parameters = http::Query::parse(raw);
    if (!parameters) return tl::unexpected(bad_query_problem());
    return read_parameters(*parameters, limits).map_error([](const Failure& failure) {
        return to_problem(failure);
    });
}

void append_json(std::string& out, const HistoryPage& page) {
    out += R"({"messages":)";
    livechat::append_json(out, std::span(page.messages));
    out += R"(,"total":)";
    out += std::to_string(page.total);
    out += R"(,"page":)";
    out += page.page ? std::to_string(*page.page) : "null";
    out += R"(,"totalPages":)";
    out += std::to_string(page.total_pages);
    out += '}';
}

}  // namespace livechat::api
