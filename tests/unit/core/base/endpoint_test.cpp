// The form of endpoints, and what is said of one that cannot be had.
#include "base/endpoint.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <string>
#include <vector>

namespace livechat {
namespace {

const std::vector<std::string> kEndpoints{
    "unix:/run/livechat/fcgi.sock",
    "unix:/a b",
    "127.0.0.1:9000",
    "localhost:0",
    "db.example:65535",
    "[::1]:9000",
    "[2001:db8::1]:80",
};

const std::vector<std::string> kOthers{
    "",
    "nonsense",
    "unix:",
    "unix:relative",
    "unix:/" + std::string(107, 'x'),
    ":9000",
    "127.0.0.1",
    "127.0.0.1:",
    "127.0.0.1:65536",
    "127.0.0.1:-1",
    "127.0.0.1:http",
    "::1:9000",
    "http://127.0.0.1:80",
    "a host:80",
    "127.0.0.1:000001",
};

BOOST_AUTO_TEST_SUITE(endpoint)

BOOST_DATA_TEST_CASE(these_are_endpoints, kEndpoints, text) { BOOST_TEST(is_endpoint(text)); }

BOOST_DATA_TEST_CASE(these_are_none, kOthers, text) { BOOST_TEST(!is_endpoint(text)); }

BOOST_AUTO_TEST_CASE(only_loopback_and_files_are_local) {
    for (const char* local : {"unix:/x", "127.0.0.1:1", "127.9.9.9:1", "localhost:1", "[::1]:1"}) {
        BOOST_TEST(is_local_endpoint(local), local);
    }
    for (const char* other : {"0.0.0.0:1", "127.example.org:1", "[::]:1", "10.0.0.1:1"}) {
        BOOST_TEST(!is_local_endpoint(other), other);
    }
}

BOOST_AUTO_TEST_CASE(who_cannot_listen_is_told_why_and_what_to_do) {
    const auto text = cannot_listen("127.0.0.1:80", EADDRINUSE);
    BOOST_TEST(
        text.starts_with("cannot listen at 127.0.0.1:80: Address already in use: end the program"));
    BOOST_TEST(text.find('\n') == std::string::npos);
    BOOST_TEST(cannot_listen("unix:/x/y", ENOENT)
                   .ends_with("make the folder (systemd-tmpfiles --create makes /run/livechat)"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
