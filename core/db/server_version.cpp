#include "db/server_version.hpp"

#include <array>
#include <charconv>

namespace livechat::db {

bool knows_skip_locked(std::string_view version) {
    std::array<unsigned, 3> number{};
    const char* at = version.data();
    const char* const end = at + version.size();
    for (unsigned& part : number) {
        const bool first = &part == number.data();
        if (!first && (at == end || *at++ != '.')) return false;
        const auto [stop, error] = std::from_chars(at, end, part);
        if (error != std::errc{}) return false;
        at = stop;
    }
    const bool mariadb = version.find("MariaDB") != std::string_view::npos;
    return number >= (mariadb ? std::array{10U, 6U, 0U} : std::array{8U, 0U, 1U});
}

}  // namespace livechat::db
