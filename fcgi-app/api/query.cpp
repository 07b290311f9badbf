#include "api/query.hpp"

#include "domain/rules.hpp"

namespace livechat::api {

Result<std::optional<std::uint64_t>> integer_parameter(const http::Query& query,
                                                       std::string_view name,
                                                       std::uint64_t least,
                                                       std::uint64_t most,
                                                       ErrorCode code) {
    const auto digits = query.get(name);
    if (!digits) return std::optional<std::uint64_t>();
    return rules::parse_integer(*digits, least, most, code, name).map([](std::uint64_t value) {
        return std::optional(value);
    });
}

http::Problem bad_query_problem() {
    return {.code = ErrorCode::url_invalid,
            .detail = "The query is badly percent-encoded or not UTF-8"};
}

}  // namespace livechat::api
