#include "base/service.hpp"

#include <sys/un.h>

#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <string>

namespace livechat {
namespace {

BOOST_AUTO_TEST_SUITE(service)

using std::chrono::microseconds;

std::string path_of(const std::string& address) {
    return address.substr(offsetof(sockaddr_un, sun_path));
}

BOOST_AUTO_TEST_CASE(a_socket_is_a_path_or_an_abstract_name) {
    BOOST_TEST(path_of(notify_address("/run/systemd/notify").value()) == "/run/systemd/notify");
    BOOST_TEST(path_of(notify_address("@name").value()) == std::string("\0name", 5));
}

BOOST_AUTO_TEST_CASE(what_is_no_socket_is_not_spoken_to) {
    for (const std::string socket : {"", "/", "@", "notify", "vsock:1:2"}) {
        BOOST_TEST(!notify_address(socket));
    }
    BOOST_TEST(!notify_address("/" + std::string(200, 'x')));
}

BOOST_AUTO_TEST_CASE(a_sign_of_life_is_given_twice_in_the_time_that_the_manager_waits) {
    BOOST_TEST((watchdog_interval("30000000", "12", 12) == microseconds(15'000'000)));
    BOOST_TEST((watchdog_interval("30000000", nullptr, 12) == microseconds(15'000'000)));
}

BOOST_AUTO_TEST_CASE(a_watchdog_for_nobody_or_somebody_else_is_none) {
    BOOST_TEST(!watchdog_interval(nullptr, nullptr, 12));
    BOOST_TEST(!watchdog_interval("30000000", "13", 12));
    for (const char* usec : {"", "0", "1", "-5", "soon", "10s"}) {
        BOOST_TEST(!watchdog_interval(usec, nullptr, 12));
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
