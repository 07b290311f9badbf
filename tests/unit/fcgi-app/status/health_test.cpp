#include "status/health.hpp"

#include <boost/test/unit_test.hpp>

namespace livechat::status {
namespace {

BOOST_AUTO_TEST_SUITE(health_of_the_program)

using std::chrono::milliseconds;

BOOST_AUTO_TEST_CASE(one_worker_is_enough) {
    BOOST_TEST(health({.idle = 1, .busy = 0}, 0).good);
    BOOST_TEST(health({.idle = 0, .busy = 4}, 0).good);
    BOOST_TEST(health({.idle = 0, .busy = 4}, 3).good);
}

BOOST_AUTO_TEST_CASE(none_is_not) {
    BOOST_TEST(!health({}, 0).good);
    BOOST_TEST(!health({.idle = 0, .busy = 4}, 4).good);
}

BOOST_AUTO_TEST_CASE(ready_is_who_is_alive_and_has_its_database) {
    const Verdict alive{true, "ok"};
    BOOST_TEST(readiness(alive, {}, milliseconds(1)).good);
    BOOST_TEST(!readiness({false, "none"}, {}, milliseconds(1)).good);
    const auto away = readiness(alive, {DatabaseState::unreachable, "it is away"}, milliseconds(1));
    BOOST_TEST(!away.good);
    BOOST_TEST(away.text == "it is away");
    BOOST_TEST(!readiness(alive, {DatabaseState::wrong, "it is old"}, milliseconds(1)).good);
}

BOOST_AUTO_TEST_CASE(a_check_that_does_not_end_is_none) {
    BOOST_TEST(!readiness({true, "ok"}, {}, std::chrono::seconds(21)).good);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::status
