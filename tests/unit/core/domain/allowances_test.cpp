#include "domain/allowances.hpp"

#include <boost/test/unit_test.hpp>

namespace livechat {
namespace {

using namespace std::chrono_literals;

struct Place {
    AbuseConfig abuse;
    RateTable table = RateTable::shared(4096);
    RateTable::Clock::time_point now{1'000'000s};

    bool sends(std::string_view visitor,
               std::string_view address,
               std::uint64_t bytes,
               std::string_view session = "mine") {
        return !table.take(to_send(abuse, {visitor, address}, session, bytes), now);
    }
    bool opens(std::string_view address, bool fresh = true) {
        return !table.take(to_open(abuse, {"", address}, fresh), now);
    }
    bool reads(std::string_view visitor, std::string_view address) {
        return !table.peek(to_read(abuse, {visitor, address}, 1), now);
    }
    void has_read(std::string_view visitor, std::string_view address, std::uint64_t bytes) {
        table.charge(to_read(abuse, {visitor, address}, bytes), now);
    }
};

// Of the /48 2001:db8::, one address in each /56.
std::string address(int number) { return "2001:db8:0:" + std::to_string(number) + "00::1"; }

BOOST_AUTO_TEST_SUITE(allowances)

BOOST_FIXTURE_TEST_CASE(a_visitor_sends_so_many_bytes_in_a_minute_in_however_many_messages, Place) {
    abuse.send_bytes_per_visitor = 1000;
    BOOST_TEST(sends("a", "203.0.113.7", 600));
    BOOST_TEST(!sends("a", "203.0.113.7", 600));
    BOOST_TEST(sends("a", "203.0.113.7", 400));
    BOOST_TEST(!sends("a", "203.0.113.7", 1));
    BOOST_TEST(sends("b", "203.0.113.7", 600));
    now += 1min;
    BOOST_TEST(sends("a", "203.0.113.7", 1000));
}

BOOST_FIXTURE_TEST_CASE(a_message_that_is_larger_than_the_bucket_needs_a_full_one, Place) {
    abuse.send_bytes_per_visitor = 1000;
    BOOST_TEST(sends("a", "203.0.113.7", 65536));
    BOOST_TEST(!sends("a", "203.0.113.7", 1));
}

BOOST_FIXTURE_TEST_CASE(a_session_gets_so_much_in_a_day, Place) {
    abuse.send_bytes_per_session_day = 1000;
    abuse.send_per_session_day = 5;
    BOOST_TEST(sends("a", "203.0.113.7", 900));
    BOOST_TEST(!sends("b", "203.0.113.8", 200));
    for (int i = 0; i < 4; ++i) BOOST_TEST(sends("a", "203.0.113.7", 1));
    now += 1h;
    BOOST_TEST(!sends("a", "203.0.113.7", 1));
    BOOST_TEST(sends("a", "203.0.113.7", 900, "other"));
    now += 24h;
    BOOST_TEST(sends("a", "203.0.113.7", 1000));
}

BOOST_FIXTURE_TEST_CASE(an_address_sends_so_many_bytes_whatever_its_visitors, Place) {
    abuse.send_bytes_per_address = 1000;
    BOOST_TEST(sends("a", "203.0.113.7", 1000));
    BOOST_TEST(!sends("b", "203.0.113.7", 1));
    abuse = {};
    abuse.send_bytes_per_address_day = 1000;
    BOOST_TEST(sends("a", "203.0.113.8", 1000));
    now += 1h;
    BOOST_TEST(!sends("b", "203.0.113.8", 100));
}

BOOST_FIXTURE_TEST_CASE(a_56_does_not_as_much_as_all_of_its_64s, Place) {
    abuse.initialize_per_address = 2;
    int opened = 0;
    for (int i = 10; i < 90; ++i) {
        opened += opens("2001:db8:0:" + std::to_string(i) + "::1") ? 1 : 0;
    }
    BOOST_TEST(opened == 16);
}

BOOST_FIXTURE_TEST_CASE(a_48_does_not_as_much_as_all_of_its_64s, Place) {
    abuse.initialize_per_address = 2;
    int opened = 0;
    for (int i = 0; i < 99; ++i) opened += opens(address(i)) && opens(address(i)) ? 2 : 0;
    BOOST_TEST(opened == 64);
    BOOST_TEST(opens("2001:db8:1::1"));
    // What was refused has cost no one anything: another /48 is as free as before.
    BOOST_TEST(opens("203.0.113.7"));
}

BOOST_FIXTURE_TEST_CASE(all_visitors_together_open_so_many_new_sessions, Place) {
    abuse.new_sessions = 3;
    for (int i = 0; i < 3; ++i) BOOST_TEST(opens("203.0.113." + std::to_string(i)));
    BOOST_TEST(!opens("203.0.113.9"));
    // Their own they open again.
    BOOST_TEST(opens("203.0.113.9", false));
}

BOOST_FIXTURE_TEST_CASE(who_has_read_too_much_waits_and_no_page_is_cut, Place) {
    abuse.read_bytes_per_visitor = 1000;
    BOOST_TEST(reads("a", "203.0.113.7"));
    has_read("a", "203.0.113.7", 25'000);
    BOOST_TEST(!reads("a", "203.0.113.7"));
    BOOST_TEST(reads("b", "203.0.113.7"));
    now += 1min;
    BOOST_TEST(!reads("a", "203.0.113.7"));
    now += 1min;
    BOOST_TEST(reads("a", "203.0.113.7"));
}

BOOST_FIXTURE_TEST_CASE(an_unknown_address_counts_for_nothing, Place) {
    abuse.send_per_address = 1;
    BOOST_TEST(sends("a", "", 1));
    BOOST_TEST(sends("b", "", 1));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
