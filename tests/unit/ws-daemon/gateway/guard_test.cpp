#include "gateway/guard.hpp"

#include <boost/test/unit_test.hpp>

namespace livechat::gateway {
namespace {

using namespace std::chrono_literals;

Peer visitor(const std::string& hash = "hash", const std::string& address = "203.0.113.7") {
    Identity identity;
    identity.token_hash = hash;
    identity.client_ids = {"mine"};
    return {{{identity}}, address};
}

Peer agent() {
    Identity identity;
    identity.kind = TokenKind::agent;
    identity.token_hash = "agent";
    return {{{identity}}, "203.0.113.7"};
}

struct Place {
    AbuseConfig rates;
    Guard guard{AuthMode::token, rates};
    Guard::Time now = Guard::Time{} + 1h;

    bool sends(const Peer& peer, const std::string& room = "mine") {
        return guard.count(peer, {Operation::send, room}, now).has_value();
    }
    void ban(BanKind kind, const std::string& value, std::optional<std::chrono::seconds> end = {}) {
        Ban ban;
        ban.kind = kind;
        ban.value = value;
        ban.expires_in = end;
        guard.set_bans(BanList({&ban, 1}, now));
    }
};

ErrorCode code_of(const Result<void>& result) {
    BOOST_TEST_REQUIRE(!result.has_value());
    return result.error().code;
}

BOOST_AUTO_TEST_SUITE(guard)

BOOST_FIXTURE_TEST_CASE(a_visitor_sends_so_often_and_is_told_how_long_to_wait, Place) {
    rates.send_per_visitor = 3;
    for (int i = 0; i < 3; ++i) BOOST_TEST(sends(visitor()));
    const auto refused = guard.count(visitor(), {Operation::send, "mine"}, now);
    BOOST_TEST((code_of(refused) == ErrorCode::rate_limited));
    BOOST_TEST_REQUIRE(refused.error().retry_after.has_value());
    BOOST_TEST((*refused.error().retry_after == 20s));
    now += *refused.error().retry_after;
    BOOST_TEST(sends(visitor()));
    BOOST_TEST(!sends(visitor()));
}

BOOST_FIXTURE_TEST_CASE(a_visitor_marks_as_read_often_but_not_without_end, Place) {
    const auto marks = [&](const Peer& peer) {
        return guard.count(peer, {Operation::mark_read, "mine"}, now).has_value();
    };
    for (int i = 0; i < 300; ++i) BOOST_TEST_REQUIRE(marks(visitor()));
    BOOST_TEST(!marks(visitor()));
    BOOST_TEST(marks(visitor("other")));
    for (int i = 0; i < 1000; ++i) BOOST_TEST_REQUIRE(marks(agent()));
}

BOOST_FIXTURE_TEST_CASE(visitors_of_one_address_share_its_limit, Place) {
    rates.send_per_address = 2;
    BOOST_TEST(sends(visitor("a")));
    BOOST_TEST(sends(visitor("b")));
    BOOST_TEST(!sends(visitor("c")));
    BOOST_TEST(sends(visitor("c", "203.0.113.8")));
}

BOOST_FIXTURE_TEST_CASE(addresses_of_one_ipv6_network_are_one, Place) {
    rates.send_per_address = 1;
    BOOST_TEST(sends(visitor("a", "2001:db8::1")));
    BOOST_TEST(!sends(visitor("b", "2001:db8::2")));
    BOOST_TEST(sends(visitor("b", "2001:db8:0:1::2")));
}

BOOST_FIXTURE_TEST_CASE(a_session_has_a_limit_whoever_sends, Place) {
    rates.send_per_session = 1;
    BOOST_TEST(sends(visitor("a"), "mine"));
    BOOST_TEST(!sends(visitor("b", "203.0.113.8"), "mine"));
    BOOST_TEST(sends(visitor("b", "203.0.113.8"), "other"));
}

BOOST_FIXTURE_TEST_CASE(a_refused_event_costs_nothing_in_the_other_limits, Place) {
    rates.send_per_session = 1;
    rates.send_per_visitor = 3;
    BOOST_TEST(sends(visitor(), "one"));
    for (int i = 0; i < 5; ++i) BOOST_TEST(!sends(visitor(), "one"));
    BOOST_TEST(sends(visitor(), "two"));
    BOOST_TEST(sends(visitor(), "three"));
    BOOST_TEST(!sends(visitor(), "four"));
}

BOOST_FIXTURE_TEST_CASE(visitors_without_an_address_are_not_counted_together, Place) {
    rates.send_per_address = 1;
    rates.connect_per_address = 1;
    BOOST_TEST(sends(visitor("a", "")));
    BOOST_TEST(sends(visitor("b", "")));
    BOOST_TEST(!guard.refuse_connection("", now));
    BOOST_TEST(!guard.refuse_connection("", now));
}

BOOST_FIXTURE_TEST_CASE(joining_is_counted_by_itself, Place) {
    rates.join_per_visitor = 1;
    rates.send_per_visitor = 1;
    BOOST_TEST(guard.count(visitor(), {Operation::join, "mine"}, now).has_value());
    BOOST_TEST(!guard.count(visitor(), {Operation::join, "mine"}, now).has_value());
    BOOST_TEST(sends(visitor()));
}

BOOST_FIXTURE_TEST_CASE(staff_is_not_counted, Place) {
    rates.send_per_address = 1;
    for (int i = 0; i < 5; ++i) BOOST_TEST(sends(agent()));
}

BOOST_FIXTURE_TEST_CASE(nothing_is_counted_where_that_is_turned_off_or_access_is_open, Place) {
    rates.send_per_visitor = 1;
    rates.connect_per_address = 1;
    Guard open(AuthMode::open, rates);
    for (int i = 0; i < 5; ++i) {
        BOOST_TEST(open.count(visitor(), {Operation::send, "mine"}, now).has_value());
        BOOST_TEST(!open.refuse_connection("203.0.113.7", now));
    }
    rates.enabled = false;
    for (int i = 0; i < 5; ++i) BOOST_TEST(sends(visitor()));
}

BOOST_FIXTURE_TEST_CASE(connections_of_one_address_are_counted, Place) {
    rates.connect_per_address = 2;
    BOOST_TEST(!guard.refuse_connection("203.0.113.7", now));
    BOOST_TEST(!guard.refuse_connection("203.0.113.7", now));
    const auto refused = guard.refuse_connection("203.0.113.7", now);
    BOOST_TEST_REQUIRE(refused.has_value());
    BOOST_TEST(refused->status == 429);
    BOOST_TEST((refused->retry_after == 30s));
    BOOST_TEST(!guard.refuse_connection("203.0.113.8", now));
}

BOOST_FIXTURE_TEST_CASE(entering_over_one_connection_again_and_again_is_counted, Place) {
    rates.connect_per_address = 2;
    const auto enter = [&] { return guard.count_entry("203.0.113.7", now); };
    BOOST_TEST(enter().has_value());
    BOOST_TEST(enter().has_value());
    BOOST_TEST((code_of(enter()) == ErrorCode::rate_limited));
    BOOST_TEST(guard.count_entry("203.0.113.8", now).has_value());
    BOOST_TEST(guard.count_entry("", now).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_banned_network_keeps_visitors_out_and_lets_staff_in, Place) {
    ban(BanKind::address, "203.0.113.0/24");
    BOOST_TEST((code_of(guard.check_entry(visitor(), now)) == ErrorCode::banned));
    BOOST_TEST(
        (code_of(guard.check(visitor(), {Operation::join, "mine"}, now)) == ErrorCode::banned));
    BOOST_TEST(guard.check_entry(visitor("a", "203.0.114.1"), now).has_value());
    BOOST_TEST(guard.check_entry(agent(), now).has_value());
    BOOST_TEST(guard.check(agent(), {Operation::join, "mine"}, now).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_banned_clientId_is_closed_to_its_visitor_until_the_ban_ends, Place) {
    ban(BanKind::client, "mine", 60s);
    BOOST_TEST(
        (code_of(guard.check(visitor(), {Operation::send, "mine"}, now)) == ErrorCode::banned));
    BOOST_TEST(guard.check(agent(), {Operation::join, "mine"}, now).has_value());
    now += 60s;
    BOOST_TEST(guard.check(visitor(), {Operation::send, "mine"}, now).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_stranger_learns_nothing_of_bans, Place) {
    ban(BanKind::client, "theirs");
    const auto banned = guard.check(visitor(), {Operation::join, "theirs"}, now);
    const auto unknown = guard.check(visitor(), {Operation::join, "nobody"}, now);
    BOOST_TEST((banned.error() == unknown.error()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
