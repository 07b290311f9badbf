#include "prefork/companion.hpp"

#include <boost/test/unit_test.hpp>

namespace livechat::prefork {
namespace {

BOOST_AUTO_TEST_SUITE(companion)

using std::chrono::milliseconds;
const TimePoint kStart{std::chrono::hours(1)};

BOOST_AUTO_TEST_CASE(one_that_nobody_wants_is_never_due) {
    const Companion companion(false);
    BOOST_TEST(!companion.due(kStart));
    BOOST_TEST(!companion.wake_at());
}

BOOST_AUTO_TEST_CASE(it_is_started_at_once_and_once) {
    Companion companion(true);
    BOOST_TEST(companion.due(kStart));
    companion.on_started(7);
    BOOST_TEST(!companion.due(kStart));
    BOOST_TEST(!companion.wake_at());
}

BOOST_AUTO_TEST_CASE(one_that_ends_by_itself_comes_back_after_a_second) {
    Companion companion(true);
    companion.on_started(7);
    BOOST_TEST(!companion.on_exit(8, kStart));
    BOOST_TEST(companion.on_exit(7, kStart));
    BOOST_TEST(!companion.due(kStart + milliseconds(999)));
    BOOST_TEST((companion.wake_at() == kStart + milliseconds(1000)));
    BOOST_TEST(companion.due(kStart + milliseconds(1000)));
}

BOOST_AUTO_TEST_CASE(one_that_is_replaced_comes_back_at_once) {
    Companion companion(true);
    BOOST_TEST(!companion.replace());
    companion.on_started(7);
    BOOST_TEST(companion.replace().value() == 7);
    BOOST_TEST(companion.on_exit(7, kStart));
    BOOST_TEST(companion.due(kStart));
}

BOOST_AUTO_TEST_CASE(one_that_is_stopped_stays_away) {
    Companion companion(true);
    companion.on_started(7);
    BOOST_TEST(companion.stop().value() == 7);
    BOOST_TEST(companion.on_exit(7, kStart));
    BOOST_TEST(!companion.due(kStart + std::chrono::hours(1)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::prefork
