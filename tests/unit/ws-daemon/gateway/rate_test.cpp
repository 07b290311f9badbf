#include "gateway/rate.hpp"

#include <boost/test/unit_test.hpp>

namespace livechat::gateway {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

const Rate::Time kStart = Rate::Time{} + hours(1000);

int allowed(Rate& rate, Rate::Time now, int attempts) {
    int count = 0;
    for (int i = 0; i < attempts; ++i) count += rate.allows(now) ? 1 : 0;
    return count;
}

BOOST_AUTO_TEST_SUITE(rate)

BOOST_AUTO_TEST_CASE(a_burst_takes_what_a_second_allows) {
    Rate rate(5);
    BOOST_TEST(allowed(rate, kStart, 100) == 5);
    BOOST_TEST(allowed(rate, kStart + milliseconds(199), 100) == 0);
}

BOOST_AUTO_TEST_CASE(what_was_taken_comes_back_with_time) {
    Rate rate(5);
    allowed(rate, kStart, 5);
    BOOST_TEST(allowed(rate, kStart + milliseconds(201), 100) == 1);
    BOOST_TEST(allowed(rate, kStart + milliseconds(1300), 100) == 5);
}

BOOST_AUTO_TEST_CASE(a_long_silence_saves_up_no_more_than_a_second) {
    Rate rate(5);
    allowed(rate, kStart, 5);
    BOOST_TEST(allowed(rate, kStart + hours(24), 100) == 5);
}

BOOST_AUTO_TEST_CASE(in_the_long_run_it_is_the_rate_however_often_one_tries) {
    Rate rate(5);
    int count = 0;
    for (int time = 0; time < 60'000; time += 7) {
        count += allowed(rate, kStart + milliseconds(time), 1);
    }
    BOOST_TEST(count >= 295);
    BOOST_TEST(count <= 305);
}

BOOST_AUTO_TEST_CASE(a_rate_of_none_allows_nothing) {
    Rate rate(0);
    BOOST_TEST(allowed(rate, kStart, 10) == 0);
    BOOST_TEST(allowed(rate, kStart + hours(24), 10) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
