#include "domain/ban.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "base/address.hpp"

namespace livechat {
namespace {

using namespace std::chrono_literals;

const BanList::Time kNow{};

Ban of_address(std::string value, std::optional<std::chrono::seconds> expires_in = {}) {
    return {.id = 1,
            .kind = BanKind::address,
            .value = std::move(value),
            .reason = {},
            .created_at = {},
            .expires_at = {},
            .expires_in = expires_in};
}

struct Canonical {
    std::string text;
    std::string kept;
};
std::ostream& operator<<(std::ostream& out, const Canonical& one) { return out << one.text; }

const std::vector<Canonical> kNetworks{
    {"203.0.113.7", "203.0.113.7"},
    {"203.0.113.7/32", "203.0.113.7"},
    {"203.0.113.7/24", "203.0.113.0/24"},
    {"203.0.113.255/25", "203.0.113.128/25"},
    {"0.0.0.0/0", "0.0.0.0/0"},
    {"::ffff:203.0.113.7", "203.0.113.7"},
    {"2001:DB8:0::1", "2001:db8::1/128"},
    {"2001:db8:1:2:3::/33", "2001:db8::/33"},
    {"::/0", "::/0"},
};
const std::vector<std::string> kNoNetworks{"",
                                           "localhost",
                                           "203.0.113",
                                           "203.0.113.7/33",
                                           "203.0.113.7/",
                                           "203.0.113.7/-1",
                                           "1.2.3.4/ 8",
                                           "::1/129",
                                           "203.0.113.7 ",
                                           "203.0.113.7/8x",
                                           "01.2.3.4.5",
                                           "fe80::1%eth0",
                                           "[::1]",
                                           "unix:",
                                           "1.2.3.4/8/8",
                                           std::string("1.2.3.4\0", 8),
                                           std::string(9999, '1')};

BOOST_AUTO_TEST_SUITE(bans)

BOOST_DATA_TEST_CASE(a_network_has_one_form, kNetworks, one) {
    const auto network = parse_network(one.text);
    BOOST_TEST_REQUIRE(network.has_value());
    BOOST_TEST(to_string(*network) == one.kept);
    BOOST_CHECK(parse_network(one.kept) == network);
}

BOOST_DATA_TEST_CASE(what_is_no_network_is_none, kNoNetworks, text) {
    BOOST_TEST(!parse_network(text).has_value());
}

BOOST_AUTO_TEST_CASE(whoever_has_a_network_of_ipv6_is_one_peer) {
    BOOST_TEST(peer_of("203.0.113.7") == "203.0.113.7");
    BOOST_TEST(peer_of("::ffff:203.0.113.7") == "203.0.113.7");
    BOOST_TEST(peer_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
    BOOST_TEST(peer_of("2001:db8:1:2::9") == "2001:db8:1:2::/64");
    BOOST_TEST(peer_of("unix:") == "unix:");
}

BOOST_AUTO_TEST_CASE(an_address_is_kept_out_by_itself_and_by_its_network) {
    const std::vector<Ban> some{of_address("203.0.113.7"), of_address("198.51.100.0/24"),
                                of_address("2001:db8::/32")};
    const BanList list(some, kNow);
    for (const auto* banned :
         {"203.0.113.7", "198.51.100.1", "198.51.100.255", "2001:db8:9::1", "::ffff:203.0.113.7"}) {
        BOOST_TEST(list.bans_address(banned, kNow), banned);
    }
    for (const auto* free : {"203.0.113.8", "198.51.101.1", "2001:db9::1", "", "unix:"}) {
        BOOST_TEST(!list.bans_address(free, kNow), free);
    }
}

BOOST_AUTO_TEST_CASE(one_address_of_ipv6_stands_for_its_64_unless_it_says_otherwise) {
    const std::vector<Ban> bans{of_address("2001:db8:0:1::5"), of_address("2001:db8:0:2::5/128")};
    const BanList list(bans, kNow);
    BOOST_TEST(list.bans_address("2001:db8:0:1::6", kNow));
    BOOST_TEST(list.bans_address("2001:db8:0:2::5", kNow));
    BOOST_TEST(!list.bans_address("2001:db8:0:2::6", kNow));
}

BOOST_AUTO_TEST_CASE(a_ban_ends_when_it_is_over) {
    const std::vector<Ban> some{of_address("203.0.113.7", 60s)};
    const BanList list(some, kNow);
    BOOST_TEST(list.bans_address("203.0.113.7", kNow + 59s));
    BOOST_TEST(!list.bans_address("203.0.113.7", kNow + 60s));
}

BOOST_AUTO_TEST_CASE(a_client_is_kept_out_byte_for_byte) {
    std::vector<Ban> some{of_address("user 1")};
    some[0].kind = BanKind::client;
    const BanList list(some, kNow);
    BOOST_TEST(list.bans_client("user 1", kNow));
    BOOST_TEST(!list.bans_client("User 1", kNow));
    BOOST_TEST(!list.bans_client("user 1 ", kNow));
    BOOST_TEST(!list.bans_address("user 1", kNow));
}

BOOST_AUTO_TEST_CASE(without_bans_nobody_is_kept_out) {
    BOOST_TEST(BanList().empty());
    BOOST_TEST(!BanList().bans_address("203.0.113.7", kNow));
    BOOST_TEST(!BanList().bans_client("a", kNow));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
