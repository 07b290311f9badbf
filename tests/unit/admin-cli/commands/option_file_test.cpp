#include <boost/test/unit_test.hpp>

#include "commands/option_file.hpp"

namespace livechat::admin {
namespace {

BOOST_AUTO_TEST_SUITE(option_file)

BOOST_AUTO_TEST_CASE(what_the_clients_read_is_read) {
    const auto database = parse_option_file(
        "# by hand\n[client]\nsocket = /run/x.sock\nuser=\"me\"\npassword='a\\\"b c'\nport=3307\n"
        "[mysql]\ndatabase=chat\n[mysqldump]\nuser=other\n");
    BOOST_TEST(database.socket == "/run/x.sock");
    BOOST_TEST(database.host.empty());
    BOOST_TEST(database.user == "me");
    BOOST_TEST(database.password == "a\"b c");
    BOOST_TEST(database.port == 3307);
    BOOST_TEST(database.name == "chat");
}

BOOST_AUTO_TEST_CASE(an_empty_one_means_root_through_the_socket) {
    const auto database = parse_option_file("");
    BOOST_TEST(database.user == "root");
    BOOST_TEST(database.socket == "/run/mysqld/mysqld.sock");
    BOOST_TEST(database.name == "livechat");
}

BOOST_AUTO_TEST_CASE(localhost_is_the_socket_and_another_host_is_not) {
    BOOST_TEST(parse_option_file("[client]\nhost=localhost\n").host.empty());
    BOOST_TEST(parse_option_file("[client]\nhost=db.example\n").host == "db.example");
    BOOST_TEST(parse_option_file("[client]\nhost=db.example\nsocket=/s\n").host.empty());
}

BOOST_AUTO_TEST_CASE(lines_that_say_nothing_are_passed_over) {
    BOOST_TEST(parse_option_file("[client\n=\n[\n]\nuser\n\n;x\n\\\n").user == "root");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::admin
