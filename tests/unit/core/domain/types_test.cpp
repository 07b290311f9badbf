#include "domain/types.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "domain/failure.hpp"

namespace livechat {
namespace {

BOOST_AUTO_TEST_SUITE(types)

BOOST_AUTO_TEST_CASE(each_side_is_opposite_to_the_other) {
    BOOST_CHECK(opposite(Side::client) == Side::admin);
    BOOST_CHECK(opposite(Side::admin) == Side::client);
}

BOOST_AUTO_TEST_CASE(sides_and_statuses_have_the_contracts_words) {
    BOOST_TEST(to_string(Side::client) == "client");
    BOOST_TEST(to_string(Side::admin) == "admin");
    BOOST_TEST(to_string(SessionStatus::active) == "active");
    BOOST_TEST(to_string(SessionStatus::closed) == "closed");
}

// `internal` is the last one of the list.
BOOST_AUTO_TEST_CASE(each_error_has_a_snake_case_name_of_its_own) {
    std::set<std::string> names;
    const auto last = static_cast<int>(ErrorCode::internal);
    for (int code = 0; code <= last; ++code) {
        const auto name = to_string(static_cast<ErrorCode>(code));
        BOOST_TEST(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos);
        names.emplace(name);
    }
    BOOST_TEST(names.size() == static_cast<std::size_t>(last) + 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
