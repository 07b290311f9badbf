#include "feed/pace.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>

namespace livechat::feed {
namespace {

using namespace std::chrono_literals;

const Pace::Time kStart{};

BOOST_AUTO_TEST_SUITE(pace)

BOOST_AUTO_TEST_CASE(a_site_in_use_is_looked_after_often_also_between_two_messages) {
    const FeedConfig config;
    Pace pace(config);
    BOOST_TEST((pace.after_look(true, kStart) == config.poll_active));
    for (auto time = kStart; time <= kStart + Pace::kInUse; time += 100ms) {
        BOOST_TEST((pace.after_look(false, time) == config.poll_active));
    }
}

BOOST_AUTO_TEST_CASE(when_nothing_has_come_for_long_the_pauses_grow_up_to_the_longest) {
    const FeedConfig config;
    Pace pace(config);
    pace.after_look(true, kStart);
    const auto later = kStart + Pace::kInUse + 1ms;
    BOOST_TEST((pace.after_look(false, later) == 2 * config.poll_active));
    BOOST_TEST((pace.after_look(false, later) == 4 * config.poll_active));
    for (int i = 0; i < 10; ++i) pace.after_look(false, later);
    BOOST_TEST((pace.after_look(false, later) == config.poll_idle));
    BOOST_TEST((pace.after_look(true, later) == config.poll_active));
}

BOOST_AUTO_TEST_CASE(a_feed_that_has_never_found_anything_is_idle) {
    const FeedConfig config;
    Pace pace(config);
    BOOST_TEST((pace.after_look(false, kStart) == 2 * config.poll_active));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::feed
