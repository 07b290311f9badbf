#include "engineio/input_rate.hpp"

#include <boost/test/unit_test.hpp>

namespace livechat::eio {
namespace {

struct Fixture {
    InputLimits limits{10, 1000, std::chrono::seconds(2)};
    InputRate rate{limits};
    Time now = Time{} + std::chrono::hours(1);

    bool ready() const { return rate.ready_at() <= now; }
    Milliseconds wait() const {
        return std::chrono::duration_cast<Milliseconds>(rate.ready_at() - now);
    }
};

BOOST_FIXTURE_TEST_SUITE(input_rate, Fixture)

BOOST_AUTO_TEST_CASE(a_burst_is_taken_at_once) {
    BOOST_TEST(ready());
    rate.count(20, 2000, now);
    BOOST_TEST(ready());
}

BOOST_AUTO_TEST_CASE(beyond_the_burst_events_wait_until_they_are_due) {
    rate.count(25, 0, now);
    BOOST_TEST(!ready());
    BOOST_TEST(wait().count() == 500);
    now += Milliseconds(500);
    BOOST_TEST(ready());
    rate.count(1, 0, now);
    BOOST_TEST(wait().count() == 100);
}

BOOST_AUTO_TEST_CASE(it_tells_whether_a_peer_has_limits) {
    BOOST_TEST(rate.limits_peer());
    rate.lift();
    BOOST_TEST(!rate.limits_peer());
    const InputLimits none{0, 0, std::chrono::seconds(2)};
    BOOST_TEST(!InputRate(none).limits_peer());
}

BOOST_AUTO_TEST_CASE(bytes_are_counted_as_well) {
    rate.count(1, 5000, now);
    BOOST_TEST(wait().count() == 3000);
}

BOOST_AUTO_TEST_CASE(at_the_allowed_speed_nobody_ever_waits) {
    for (int i = 0; i < 10000; ++i) {
        rate.count(1, 100, now);
        BOOST_TEST_REQUIRE(ready());
        now += Milliseconds(100);
    }
}

BOOST_AUTO_TEST_CASE(who_was_silent_has_one_burst_and_not_more) {
    rate.count(20, 0, now);
    now += std::chrono::hours(1);
    rate.count(20, 0, now);
    BOOST_TEST(ready());
    rate.count(1, 0, now);
    BOOST_TEST(!ready());
}

BOOST_AUTO_TEST_CASE(no_limit_and_a_lifted_one_hold_nobody_up) {
    rate.count(1000, 1000000, now);
    rate.lift();
    BOOST_TEST(ready());
    const InputLimits none{};
    InputRate free(none);
    free.count(1000000, 1000000000, now);
    BOOST_TEST((free.ready_at() <= now));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::eio
