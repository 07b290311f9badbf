// Times of other systems as the database takes them. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace livechat::admin {

// RFC 3339 ("2025-03-10T12:00:00.5+01:00", "…Z"; a blank may stand for the T, and nothing for Z) in
// UTC: "2025-03-10 11:00:00.500". Years 1970 to 9999; digits below a millisecond are dropped.
std::optional<std::string> parse_time(std::string_view text);

// Seconds since 1970, or milliseconds if there are more than 10^11 of them.
std::optional<std::string> time_of_epoch(double number);

}  // namespace livechat::admin
