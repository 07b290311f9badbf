#include "base/cookies.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace livechat {
namespace {

BOOST_AUTO_TEST_SUITE(cookies)

BOOST_AUTO_TEST_CASE(a_cookie_is_found_wherever_it_stands) {
    BOOST_TEST(cookie_value("a=1; b=2; c=3", "a") == "1");
    BOOST_TEST(cookie_value("a=1; b=2; c=3", "b") == "2");
    BOOST_TEST(cookie_value("a=1;b=2;c=3", "c") == "3");
    BOOST_TEST(cookie_value("  a = 1 ;b=2", "a") == "1");
    BOOST_TEST(cookie_value("a=\"1\"", "a") == "1");
    BOOST_TEST(cookie_value("a=x=y", "a") == "x=y");
}

BOOST_AUTO_TEST_CASE(a_cookie_that_is_not_there_is_empty) {
    BOOST_TEST(cookie_value("", "a") == "");
    BOOST_TEST(cookie_value("aa=1; ba=2; a", "a") == "");
    BOOST_TEST(cookie_value(";;=;", "a") == "");
    BOOST_TEST(cookie_value("b=\"; a=1\"", "b") == "\"");
}

BOOST_AUTO_TEST_CASE(of_two_with_one_name_the_first_counts) {
    BOOST_TEST(cookie_value("a=1; a=2", "a") == "1");
}

BOOST_AUTO_TEST_CASE(a_planted_cookie_does_not_win_over_one_that_nobody_can_plant) {
    const std::string good = "__Host-livechat_visitor=mine";
    const std::string planted = "livechat_visitor=planted";
    BOOST_TEST(cookie_token(good, kVisitorCookie) == "mine");
    BOOST_TEST(cookie_token(good + "; " + planted, kVisitorCookie) == "mine");
    BOOST_TEST(cookie_token(planted + "; " + good, kVisitorCookie) == "mine");
    BOOST_TEST(cookie_token(planted + "; __Host-livechat_visitor=", kVisitorCookie) == "");
    BOOST_TEST(cookie_token(planted + "; __host-livechat_visitor=x", kVisitorCookie) == "planted");
    BOOST_TEST(cookie_token(good, kAgentCookie) == "");
    BOOST_TEST(is_plain(planted, kVisitorCookie));
    BOOST_TEST(!is_plain(planted + "; " + good, kVisitorCookie));
    BOOST_TEST(!is_plain("", kVisitorCookie));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
