// When all connections of a program are to be made again.
#include "db/known_servers.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>

namespace livechat::db {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr KnownServers::Time kNoon{std::chrono::hours(12)};

BOOST_AUTO_TEST_SUITE(known_servers)

BOOST_AUTO_TEST_CASE(an_identity_is_of_host_port_and_id) {
    const auto one = server_identity("db", "3306", "1");
    BOOST_TEST(one == server_identity("db", "3306", "1"));
    BOOST_TEST(one != server_identity("db", "3306", "2"));
    BOOST_TEST(one != server_identity("db", "3307", "1"));
    BOOST_TEST(one != server_identity("other", "3306", "1"));
    BOOST_TEST(server_identity("a", "b1", "") != server_identity("a", "b", "1"));
    BOOST_TEST(one != 0U);
}

BOOST_AUTO_TEST_CASE(the_first_connections_to_one_server_change_nothing) {
    KnownServers servers;
    servers.connected(1, kNoon);
    servers.connected(1, kNoon + seconds(60));
    BOOST_TEST(servers.generation() == 0U);
}

BOOST_AUTO_TEST_CASE(a_connection_that_comes_to_another_server_calls_all_there) {
    KnownServers servers;
    servers.connected(1, kNoon);
    servers.connected(2, kNoon + seconds(1));
    BOOST_TEST(servers.generation() == 1U);
    servers.connected(2, kNoon + seconds(2));
    BOOST_TEST(servers.generation() == 1U);
}

BOOST_AUTO_TEST_CASE(and_so_does_one_that_comes_back_to_the_first_after_a_while) {
    KnownServers servers;
    servers.connected(1, kNoon);
    servers.connected(2, kNoon + seconds(1));
    servers.in_use(2, kNoon + seconds(30));
    servers.connected(1, kNoon + seconds(31));
    BOOST_TEST(servers.generation() == 2U);
}

BOOST_AUTO_TEST_CASE(behind_a_proxy_that_spreads_connections_they_stay_where_they_are) {
    KnownServers servers;
    servers.connected(1, kNoon);
    servers.connected(2, kNoon);
    const auto generation = servers.generation();
    for (int second = 2; second < 60; second += 2) {
        servers.in_use(1, kNoon + seconds(second));
        servers.in_use(2, kNoon + seconds(second));
        servers.connected(1 + second / 2 % 2, kNoon + seconds(second));
    }
    BOOST_TEST(servers.generation() == generation);
}

BOOST_AUTO_TEST_CASE(a_server_that_takes_no_writes_is_left_every_few_seconds_at_most) {
    KnownServers servers;
    servers.leave(kNoon);
    servers.leave(kNoon + milliseconds(10));
    BOOST_TEST(servers.generation() == 1U);
    servers.leave(kNoon + seconds(3));
    BOOST_TEST(servers.generation() == 2U);
}

BOOST_AUTO_TEST_CASE(more_servers_than_are_remembered_do_no_harm) {
    KnownServers servers;
    for (std::uint64_t id = 1; id <= 100; ++id) servers.connected(id, kNoon);
    BOOST_TEST(servers.generation() == 99U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::db
