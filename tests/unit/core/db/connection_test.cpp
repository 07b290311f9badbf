// What of the connection can be told without a database; the rest is in tests/integration.
#include "db/connection.hpp"

#include <boost/test/unit_test.hpp>

namespace livechat::db {
namespace {

BOOST_AUTO_TEST_SUITE(connection)

// There is no socket of that name, so that nothing is connected to.
BOOST_AUTO_TEST_CASE(a_database_that_is_not_there_is_lost_and_asked_for_again_each_time) {
    DatabaseConfig config;
    config.socket = "/nowhere/at/all/mysqld.sock";
    Connection connection(config);
    const auto is_lost = [](const Error& error) { return error.kind() == ErrorKind::lost; };
    BOOST_CHECK_EXCEPTION(connection.query("SELECT 1"), Error, is_lost);
    BOOST_CHECK_EXCEPTION(connection.execute("DO 1"), Error, is_lost);
    BOOST_CHECK_EXCEPTION(Transaction{connection}, Error, is_lost);
    connection.disconnect();
    BOOST_CHECK_EXCEPTION(connection.query("SELECT 1"), Error, is_lost);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::db
