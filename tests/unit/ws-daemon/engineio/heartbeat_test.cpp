#include "engineio/heartbeat.hpp"

#include <boost/test/unit_test.hpp>

namespace livechat::eio {
namespace {

using Beat = Heartbeat::Beat;

struct Fixture {
    Heartbeat heartbeat{Milliseconds(300), Milliseconds(200), Time{}};

    static Time at(int ms) { return Time{} + Milliseconds(ms); }
};

BOOST_FIXTURE_TEST_SUITE(heartbeat, Fixture)

BOOST_AUTO_TEST_CASE(a_ping_is_due_after_the_interval_and_its_pong_within_the_timeout) {
    BOOST_TEST((heartbeat.on_time(at(299)) == Beat::quiet));
    BOOST_TEST((heartbeat.on_time(at(300)) == Beat::ping));
    BOOST_TEST((heartbeat.on_time(at(499)) == Beat::quiet));
    BOOST_TEST((heartbeat.on_time(at(500)) == Beat::dead));
}

BOOST_AUTO_TEST_CASE(the_next_ping_is_due_an_interval_after_the_pong) {
    heartbeat.on_time(at(300));
    heartbeat.on_pong(at(350));
    BOOST_TEST((heartbeat.wake_at() == at(650)));
}

BOOST_AUTO_TEST_CASE(a_pong_counts_only_while_a_ping_is_due) {
    heartbeat.on_pong(at(250));
    BOOST_TEST((heartbeat.wake_at() == at(300)));
    heartbeat.on_time(at(300));
    heartbeat.on_pong(at(310));
    heartbeat.on_pong(at(400));
    BOOST_TEST((heartbeat.wake_at() == at(610)));
}

BOOST_AUTO_TEST_CASE(a_peer_that_is_not_read_is_not_blamed_for_its_silence) {
    heartbeat.excuse(at(250));
    BOOST_TEST((heartbeat.wake_at() == at(300)));
    heartbeat.on_time(at(300));
    heartbeat.excuse(at(450));
    BOOST_TEST((heartbeat.wake_at() == at(650)));
    heartbeat.excuse(at(310));
    BOOST_TEST((heartbeat.wake_at() == at(650)));
}

BOOST_AUTO_TEST_CASE(a_late_look_gives_the_peer_no_more_time) {
    BOOST_TEST((heartbeat.on_time(at(450)) == Beat::ping));
    BOOST_TEST((heartbeat.wake_at() == at(500)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::eio
