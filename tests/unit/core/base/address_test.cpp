#include "base/address.hpp"

#include <boost/test/unit_test.hpp>

namespace livechat {
namespace {

std::string groups(std::string_view address) {
    std::string text;
    for (const auto& group : peer_groups(address)) {
        text += group.name + " x" + std::to_string(group.share) + ", ";
    }
    return text;
}

std::string ban(std::string_view text) {
    const auto network = parse_ban(text);
    return network ? to_string(*network) : "none";
}

BOOST_AUTO_TEST_SUITE(address)

BOOST_AUTO_TEST_CASE(an_ipv6_address_is_limited_with_its_networks) {
    BOOST_TEST(groups("2001:db8:1:2ff:3::4") ==
               "2001:db8:1::/48 x32, 2001:db8:1:200::/56 x8, 2001:db8:1:2ff::/64 x1, ");
}

BOOST_AUTO_TEST_CASE(an_ipv4_address_is_limited_alone_however_it_is_written) {
    BOOST_TEST(groups("203.0.113.7") == "203.0.113.7 x1, ");
    BOOST_TEST(groups("::ffff:203.0.113.7") == "203.0.113.7 x1, ");
    BOOST_TEST(groups("unix:") == "unix: x1, ");
}

BOOST_AUTO_TEST_CASE(a_ban_of_one_ipv6_address_is_of_its_customer) {
    BOOST_TEST(ban("2001:db8:9:1::5") == "2001:db8:9:1::/64");
    BOOST_TEST(ban("2001:db8:9:1::5/128") == "2001:db8:9:1::5/128");
    BOOST_TEST(ban("2001:db8:9:1::5/48") == "2001:db8:9::/48");
    BOOST_TEST(ban("203.0.113.7") == "203.0.113.7");
    BOOST_TEST(ban("::ffff:203.0.113.7") == "203.0.113.7");
    BOOST_TEST(ban("203.0.113.7/24") == "203.0.113.0/24");
    BOOST_TEST(ban("x") == "none");
}

BOOST_AUTO_TEST_CASE(a_network_contains_what_its_prefix_says) {
    const auto holds = [](std::string_view network, std::string_view address) {
        return contains(parse_network(network).value(), parse_address(address).value());
    };
    BOOST_TEST(holds("10.0.0.0/8", "10.255.0.1"));
    BOOST_TEST(holds("10.0.0.0/8", "::ffff:10.1.2.3"));
    BOOST_TEST(!holds("10.0.0.0/8", "11.0.0.1"));
    BOOST_TEST(!holds("10.0.0.0/8", "2001:db8::1"));
    BOOST_TEST(holds("2001:db8::/32", "2001:db8:ffff::1"));
    BOOST_TEST(holds("::1", "::1"));
    BOOST_TEST(!holds("::1", "::2"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
