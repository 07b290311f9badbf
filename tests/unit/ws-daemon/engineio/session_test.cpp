#include "engineio/session.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace livechat::eio {
namespace {

// A session with short, odd settings, and a clock of its own.
struct Fixture {
    SessionSettings settings{
        Milliseconds(300), Milliseconds(200), Milliseconds(1000), 100, 10, 1000};
    Time start{};
    Time now = start;
    Effects effects;
    Session session{"sid", settings, Transport::polling, start};

    void advance(int ms) { now += Milliseconds(ms); }
    Effects& fresh() {
        effects.clear();
        return effects;
    }
    void send(std::string text) {
        session.send(std::make_shared<Frame>(Frame{"4" + text, 0, false}), effects);
    }
    std::string poll() {
        session.on_poll(now, fresh());
        if (!effects.request) return "waits";
        return std::to_string(effects.request->status) + ' ' + effects.request->body;
    }
    std::string post(std::string_view body) {
        session.on_post_head(now, body.size(), fresh());
        if (effects.request) return std::to_string(effects.request->status);
        session.on_post_body(body, now, effects);
        return effects.request ? effects.request->body : "waits";
    }
    void frame(std::string data) { session.on_frame(std::move(data), false, now, fresh()); }
    void upgrade() {
        BOOST_TEST(session.on_websocket(now));
        frame("2probe");
        BOOST_TEST(effects.frames.at(0)->packet() == "3probe");
        frame("5");
    }
};

const std::string kUnknown = R"(400 {"code":1,"message":"Session ID unknown"})";
const std::string kBad = R"(400 {"code":3,"message":"Bad request"})";

BOOST_FIXTURE_TEST_SUITE(engineio_session, Fixture)

BOOST_AUTO_TEST_CASE(the_open_packet_names_the_settings) {
    BOOST_TEST(session.open_packet() ==
               R"(0{"sid":"sid","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,)"
               R"("maxPayload":100})");
    const Session direct("s", settings, Transport::websocket, start);
    BOOST_TEST(direct.open_packet().find(R"("upgrades":[])") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_poll_waits_for_a_message_and_takes_all_that_is_queued) {
    BOOST_TEST(poll() == "waits");
    fresh();
    send("a");
    send("b");
    BOOST_TEST(!effects.poll);
    session.flush(now, effects);
    BOOST_TEST(effects.poll->body ==
               "4a\x1e"
               "4b");
    BOOST_TEST(poll() == "waits");
}

BOOST_AUTO_TEST_CASE(a_second_poll_ends_the_session_and_answers_both) {
    poll();
    BOOST_TEST(poll() == kBad);
    BOOST_TEST(effects.poll->body == "1");
    BOOST_TEST((effects.closed == CloseReason::poll_overlap));
    BOOST_TEST(poll() == kUnknown);
}

BOOST_AUTO_TEST_CASE(a_poll_that_is_gone_ends_the_session) {
    poll();
    session.on_poll_gone(fresh());
    BOOST_TEST((effects.closed == CloseReason::transport_close));
    BOOST_TEST(session.finished());
}

BOOST_AUTO_TEST_CASE(a_post_is_answered_after_all_its_messages) {
    BOOST_TEST(post("4a\x1e"
                    "bAQ==\x1e"
                    "4b") == "ok");
    BOOST_TEST(effects.messages.size() == 3U);
    BOOST_TEST(effects.messages[1].binary);
    BOOST_TEST(effects.messages[2].data == "b");
}

BOOST_AUTO_TEST_CASE(a_body_of_more_packets_than_this_client_may_send_is_refused) {
    session.on_post_head(now, 8, fresh());
    session.on_post_body(
        "4a\x1e"
        "4b\x1e"
        "4c",
        now, effects, 2);
    BOOST_TEST(effects.request->status == 400);
    BOOST_TEST(effects.messages.empty());
    BOOST_TEST((effects.closed == CloseReason::parse_error));
}

BOOST_AUTO_TEST_CASE(a_second_post_while_one_comes_in_ends_the_session) {
    session.on_post_head(now, 10, fresh());
    BOOST_TEST(!effects.request);
    session.on_post_head(now, 10, fresh());
    BOOST_TEST(effects.request->status == 400);
    BOOST_TEST((effects.closed == CloseReason::post_overlap));
    session.on_post_body("4a", now, fresh());
    BOOST_TEST(effects.request->status == 400);
    BOOST_TEST(effects.messages.empty());
}

BOOST_AUTO_TEST_CASE(a_post_that_is_held_is_answered_in_time_and_nothing_else_may_be_sent) {
    BOOST_TEST(post("4a") == "ok");
    BOOST_TEST(session.hold_post(now + Milliseconds(100), effects));
    BOOST_TEST(!effects.request);
    BOOST_TEST(effects.messages.size() == 1U);
    BOOST_TEST((session.wake_at() == now + Milliseconds(100)));
    advance(100);
    session.on_time(now, fresh());
    BOOST_TEST(effects.post->body == "ok");
    BOOST_TEST(post("4b") == "ok");
    BOOST_TEST(session.hold_post(now + Milliseconds(100), effects));
    BOOST_TEST(post("4c") == "400");
    BOOST_TEST((effects.closed == CloseReason::post_overlap));
}

BOOST_AUTO_TEST_CASE(a_client_whose_post_is_held_is_not_blamed_for_a_late_pong) {
    advance(300);
    session.on_time(now, fresh());  // its ping is on the way
    BOOST_TEST(post("4a") == "ok");
    BOOST_TEST(session.hold_post(now + Milliseconds(150), effects));
    BOOST_TEST(poll() == "200 2");
    advance(250);
    session.on_time(now, fresh());
    BOOST_TEST(effects.post->body == "ok");
    BOOST_TEST(post("3") == "ok");
    BOOST_TEST(!session.closed());
}

BOOST_AUTO_TEST_CASE(a_post_over_the_limit_is_413_before_its_body_and_the_session_goes_on) {
    session.on_post_head(now, 101, fresh());
    BOOST_TEST(effects.request->status == 413);
    BOOST_TEST(effects.request->body.find("at most 100 bytes") != std::string::npos);
    BOOST_TEST(!effects.closed);
    BOOST_TEST(post("4a") == "ok");
}

BOOST_AUTO_TEST_CASE(packets_that_only_servers_send_end_the_session) {
    for (const char* bad : {"2", "0{}", "x",
                            "4a\x1e"
                            "2"}) {
        Fixture other;
        other.post(bad);
        BOOST_TEST((other.effects.closed == CloseReason::parse_error));
        BOOST_TEST(other.effects.request->status == 400);
    }
}

BOOST_AUTO_TEST_CASE(a_close_packet_releases_the_poll_that_waits) {
    poll();
    BOOST_TEST(post("4a\x1e"
                    "1") == "ok");
    BOOST_TEST(effects.poll->body == "6");
    BOOST_TEST(effects.messages.size() == 1U);
    BOOST_TEST((effects.closed == CloseReason::client_close));
    BOOST_TEST(poll() == kUnknown);
}

BOOST_AUTO_TEST_CASE(a_poll_that_was_overtaken_by_the_close_packet_is_still_answered) {
    BOOST_TEST(post("1") == "waits");
    BOOST_TEST(!effects.closed);
    advance(5);
    BOOST_TEST(poll() == "200 6");
    BOOST_TEST(effects.post->body == "ok");
    BOOST_TEST((effects.closed == CloseReason::client_close));
    BOOST_TEST(poll() == kUnknown);
}

BOOST_AUTO_TEST_CASE(a_close_packet_without_a_poll_is_answered_after_a_grace) {
    post("1");
    now = session.wake_at();
    session.on_time(now, fresh());
    BOOST_TEST(effects.post->body == "ok");
    BOOST_TEST((effects.closed == CloseReason::client_close));
}

BOOST_AUTO_TEST_CASE(pings_come_an_interval_after_the_handshake_and_after_each_pong) {
    BOOST_TEST((session.wake_at() == start + Milliseconds(300)));
    poll();
    advance(300);
    session.on_time(now, fresh());
    BOOST_TEST(effects.poll->body == "2");
    BOOST_TEST((session.wake_at() == start + Milliseconds(500)));
    advance(50);
    BOOST_TEST(post("3") == "ok");
    BOOST_TEST((session.wake_at() == start + Milliseconds(650)));
}

BOOST_AUTO_TEST_CASE(a_pong_that_answers_no_ping_changes_nothing) {
    poll();
    advance(250);
    BOOST_TEST(post("3") == "ok");
    advance(50);
    session.on_time(now, fresh());
    BOOST_TEST(effects.poll->body == "2");
}

BOOST_AUTO_TEST_CASE(pongs_do_not_keep_a_session_that_nobody_polls) {
    for (int i = 0; i < 6 && !session.closed(); ++i) {
        advance(99);
        post("3");
    }
    BOOST_TEST(session.closed());
    BOOST_TEST((effects.closed == CloseReason::poll_timeout));
    BOOST_TEST((now - start < Milliseconds(600)));
}

BOOST_AUTO_TEST_CASE(a_session_whose_poll_waits_is_polled) {
    settings.ping_timeout = Milliseconds(100000);
    Session slow("sid", settings, Transport::polling, start);
    slow.on_poll(start, fresh());
    slow.on_time(start + Milliseconds(300), fresh());  // the ping answers the poll
    BOOST_TEST(effects.poll->body == "2");
    slow.on_poll(start + Milliseconds(300), fresh());
    BOOST_TEST((slow.wake_at() == start + Milliseconds(100300)));  // the pong
}

BOOST_AUTO_TEST_CASE(a_leaving_session_is_forgotten_whatever_its_websocket_says) {
    for (const char* last : {"x", "2probe", "5"}) {
        Fixture other;
        other.session.on_websocket(other.now);
        BOOST_TEST(other.post("1") == "waits");
        other.frame(last);
        other.advance(20);
        other.session.on_time(other.now, other.fresh());
        BOOST_TEST(other.session.finished(), last);
        BOOST_TEST((other.effects.closed == CloseReason::client_close));
        BOOST_TEST(other.effects.post->body == "ok");
    }
}

BOOST_AUTO_TEST_CASE(a_late_wake_up_gives_no_more_time_than_was_promised) {
    advance(350);
    session.on_time(now, fresh());
    BOOST_TEST((session.wake_at() == start + Milliseconds(500)));
}

BOOST_AUTO_TEST_CASE(a_poll_at_exactly_interval_plus_timeout_is_too_late) {
    advance(499);
    BOOST_TEST(poll() == "200 2");
    Fixture other;
    other.advance(500);
    BOOST_TEST(other.poll() == kUnknown);
    BOOST_TEST((other.effects.closed == CloseReason::ping_timeout));
}

BOOST_AUTO_TEST_CASE(polls_go_on_delivering_until_the_upgrade_is_complete) {
    poll();
    BOOST_TEST(session.on_websocket(now));
    frame("2probe");
    BOOST_TEST(effects.poll->body == "6");
    fresh();
    send("a");
    session.flush(now, effects);
    BOOST_TEST(poll() == "200 4a");
    BOOST_TEST(poll() == "waits");
    fresh();
    send("b");
    session.flush(now, effects);
    BOOST_TEST(effects.poll->body == "4b");
    BOOST_TEST(post("4x") == "ok");
    fresh();
    send("c");
    send("d");
    frame("5");
    BOOST_TEST(effects.frames.size() == 2U);
    BOOST_TEST(effects.frames[0]->packet() == "4c");
    BOOST_TEST(effects.frames[1]->packet() == "4d");
    BOOST_TEST(poll() == kBad);
    BOOST_TEST(post("4y") == "400");
    BOOST_TEST(!session.closed());
}

BOOST_AUTO_TEST_CASE(a_poll_that_waits_while_an_upgrade_is_probed_is_soon_released) {
    settings.ping_interval = Milliseconds(5000);
    Session slow("sid", settings, Transport::polling, start);
    slow.on_websocket(start);
    slow.on_frame("2probe", false, start, fresh());
    slow.on_poll(start, fresh());
    BOOST_TEST(!effects.request);
    BOOST_TEST((slow.wake_at() == start + Milliseconds(100)));
    slow.on_time(slow.wake_at(), fresh());
    BOOST_TEST(effects.poll->body == "6");
}

BOOST_AUTO_TEST_CASE(a_poll_waits_as_ever_once_the_probe_has_failed) {
    settings.ping_interval = Milliseconds(5000);
    for (const bool wrong : {false, true}) {
        Session slow("sid", settings, Transport::polling, start);
        slow.on_websocket(start);
        slow.on_frame("2probe", false, start, fresh());
        slow.on_poll(start, fresh());
        if (wrong) {
            slow.on_frame("x", false, start, fresh());
        } else {
            slow.on_websocket_gone(start, fresh());
        }
        BOOST_TEST(!effects.poll);
        BOOST_TEST((slow.wake_at() == start + Milliseconds(5000)));
    }
}

BOOST_AUTO_TEST_CASE(an_upgrade_needs_no_probe) {
    poll();
    BOOST_TEST(session.on_websocket(now));
    frame("5");
    BOOST_TEST(effects.poll->body == "6");
    BOOST_TEST(!effects.close_websocket);
    BOOST_TEST((session.transport() == Transport::websocket));
}

BOOST_AUTO_TEST_CASE(a_post_that_began_before_the_upgrade_ended_is_taken_in) {
    session.on_post_head(now, 2, fresh());
    upgrade();
    session.on_post_body("4a", now, fresh());
    BOOST_TEST(effects.request->body == "ok");
    BOOST_TEST(effects.messages.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_wrong_probe_ends_the_websocket_only) {
    for (const char* bad : {"4a", "2", "", "2probe2", "3probe"}) {
        BOOST_TEST(session.on_websocket(now));
        frame(bad);
        BOOST_TEST(effects.close_websocket);
        BOOST_TEST(!effects.closed);
        BOOST_TEST(effects.messages.empty());
    }
    BOOST_TEST(poll() == "waits");
}

BOOST_AUTO_TEST_CASE(a_websocket_that_dies_while_probing_gives_the_queue_back_to_polling) {
    BOOST_TEST(session.on_websocket(now));
    BOOST_TEST(!session.on_websocket(now));
    frame("2probe");
    fresh();
    send("a");
    session.on_websocket_gone(now, fresh());
    BOOST_TEST(poll() == "200 4a");
    upgrade();
    BOOST_TEST((session.transport() == Transport::websocket));
}

BOOST_AUTO_TEST_CASE(an_upgrade_takes_no_longer_than_its_timeout) {
    settings.ping_interval = Milliseconds(5000);
    Session slow("sid", settings, Transport::polling, start);
    BOOST_TEST(slow.on_websocket(start));
    BOOST_TEST((slow.wake_at() == start + Milliseconds(1000)));
    slow.on_time(start + Milliseconds(1000), fresh());
    BOOST_TEST(effects.close_websocket);
    BOOST_TEST(!effects.closed);
    BOOST_TEST((slow.wake_at() == start + Milliseconds(5000)));
}

BOOST_AUTO_TEST_CASE(a_queue_over_the_limit_ends_the_session) {
    fresh();
    send(std::string(999, 'x'));
    BOOST_TEST(!effects.closed);
    send("x");
    BOOST_TEST((effects.closed == CloseReason::slow_reader));
}

BOOST_AUTO_TEST_CASE(what_is_queued_when_the_server_closes_reaches_the_poll_that_waits) {
    poll();
    fresh();
    send("a");
    session.close(CloseReason::server_close, now, effects);
    BOOST_TEST(effects.poll->body == "4a");
    BOOST_TEST(session.finished());
}

BOOST_AUTO_TEST_CASE(
    a_poll_that_waits_when_the_server_closes_is_refused_so_that_every_client_comes_back) {
    poll();
    session.close(CloseReason::server_close, now, fresh());
    BOOST_TEST(effects.poll->status == 400);
    BOOST_TEST((effects.closed == CloseReason::server_close));
    BOOST_TEST(session.finished());
}

BOOST_AUTO_TEST_CASE(what_is_queued_when_the_server_closes_waits_a_while_for_the_next_poll) {
    fresh();
    send("a");
    session.close(CloseReason::server_close, now, effects);
    BOOST_TEST((effects.closed == CloseReason::server_close));
    BOOST_TEST(!session.finished());
    BOOST_TEST(poll() == "200 4a");
    BOOST_TEST(session.finished());

    Fixture other;
    other.fresh();
    other.send("a");
    other.session.close(CloseReason::server_close, other.now, other.effects);
    other.session.on_time(other.session.wake_at(), other.fresh());
    BOOST_TEST(other.session.finished());
}

BOOST_AUTO_TEST_CASE(a_websocket_that_goes_ends_an_upgraded_session) {
    upgrade();
    session.on_websocket_gone(now, fresh());
    BOOST_TEST((effects.closed == CloseReason::transport_close));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::eio
