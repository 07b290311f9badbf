#include "base/handed_over.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace livechat {
namespace {

BOOST_AUTO_TEST_SUITE(handed_over)

BOOST_AUTO_TEST_CASE(sockets_for_this_process_are_counted) {
    BOOST_TEST(handed_over_count("12", "1", 12) == 1);
    BOOST_TEST(handed_over_count("12", "3", 12) == 3);
    BOOST_TEST(handed_over_count("12", "0", 12) == 0);
}

BOOST_AUTO_TEST_CASE(sockets_for_nobody_or_somebody_else_are_none) {
    BOOST_TEST(handed_over_count(nullptr, "1", 12) == 0);
    BOOST_TEST(handed_over_count("12", nullptr, 12) == 0);
    BOOST_TEST(handed_over_count("13", "1", 12) == 0);
    BOOST_TEST(handed_over_count("", "1", 12) == 0);
    // A parent's: children inherit the variables.
    BOOST_TEST(handed_over_count("12", "nonsense", 13) == 0);
}

const std::vector<std::string> kNoNumbers{"", "x", "-1", "1x", " 1", "65", "99999999999"};

BOOST_DATA_TEST_CASE(a_number_that_is_none_is_refused, kNoNumbers, text) {
    BOOST_CHECK_THROW(handed_over_count("12", text.c_str(), 12), HandoverError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
