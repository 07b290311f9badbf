#include "fcgi_io/listen_socket.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace livechat::fcgi_io {
namespace {

BOOST_AUTO_TEST_SUITE(listen_socket)

BOOST_AUTO_TEST_CASE(a_path_behind_unix_is_a_unix_socket) {
    BOOST_CHECK(parse_listen_address("unix:/run/a b.sock") ==
                ListenAddress(UnixAddress{"/run/a b.sock"}));
}

BOOST_AUTO_TEST_CASE(host_and_port_are_a_tcp_socket) {
    BOOST_CHECK(parse_listen_address("127.0.0.1:9000") ==
                ListenAddress(TcpAddress{"127.0.0.1", "9000"}));
    BOOST_CHECK(parse_listen_address("[::1]:9000") == ListenAddress(TcpAddress{"::1", "9000"}));
    BOOST_CHECK(parse_listen_address("localhost:65535") ==
                ListenAddress(TcpAddress{"localhost", "65535"}));
}

const std::vector<std::string> kBad{"",        "unix:",      "9000",        ":9000",
                                    "host:",   "host:0",     "host:x",      "host:65536",
                                    "host:-1", "host:9000x", "/run/a.sock", "[]:80"};

BOOST_DATA_TEST_CASE(anything_else_is_refused, kBad, text) {
    BOOST_CHECK_THROW(parse_listen_address(text), ListenError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::fcgi_io
