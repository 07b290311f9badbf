// Parameters of a query string as the rules want them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/failure.hpp"
#include "http/problem.hpp"
#include "http/url.hpp"

namespace livechat::api {

// The largest number that a JavaScript client can hold exactly.
inline constexpr std::uint64_t kLargestInteger = (std::uint64_t{1} << 53) - 1;

// nullopt when it was not sent.
Result<std::optional<std::uint64_t>> integer_parameter(const http::Query& query,
                                                       std::string_view name,
                                                       std::uint64_t least,
                                                       std::uint64_t most,
                                                       ErrorCode code);

// 400 url_invalid, for a query string that http::Query does not take.
http::Problem bad_query_problem();

}  // namespace livechat::api
