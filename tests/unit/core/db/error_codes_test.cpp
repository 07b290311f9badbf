// What error numbers mean.
#include "db/error_codes.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "db/figures.hpp"

namespace livechat::db {
namespace {

// By name, so that a failed comparison shows it.
std::string_view meaning(int code) { return to_string(kind_of(code)); }

BOOST_AUTO_TEST_SUITE(error_codes)

// CR_SERVER_GONE_ERROR, CR_SERVER_LOST, CR_NEW_STMT_METADATA, CR_ERR_NET_READ; a full disk (three),
// too many connections, a shutdown, a prepared statement that is gone, a read-only server, a kill.
const std::vector<int> kLosses{2006, 2013, 2057, 5013, 3, 1021, 1026, 1040, 1053, 1243, 1290, 1927};
BOOST_DATA_TEST_CASE(without_a_database_to_talk_to_an_error_is_a_loss, kLosses, code) {
    BOOST_TEST(meaning(code) == "lost");
}

BOOST_AUTO_TEST_CASE(what_a_caller_may_expect_has_kinds_of_its_own) {
    BOOST_TEST(meaning(1062) == "duplicate");
    BOOST_TEST(meaning(1213) == "deadlock");
    BOOST_TEST(meaning(1205) == "locked");
    BOOST_TEST(meaning(3572) == "locked");
}

// A syntax error, a missing right, a trigger's own error, and the first that is neither library's.
const std::vector<int> kOthers{0, 1064, 1142, 1644, 1999, 3000, 4999, 5027};
BOOST_DATA_TEST_CASE(all_others_say_nothing_about_the_connection, kOthers, code) {
    BOOST_TEST(meaning(code) == "other");
}

BOOST_AUTO_TEST_CASE(an_error_counts_among_those_of_its_kind) {
    Figures counted;
    Figures& before = figures();
    count_in(counted);
    const Error error = counted_error(1213, "Deadlock found");
    count_in(before);
    BOOST_TEST(error.code() == 1213);
    BOOST_TEST(error.what() == std::string("Deadlock found"));
    BOOST_TEST(counted.errors[static_cast<std::size_t>(ErrorKind::deadlock)] == 1U);
    BOOST_TEST(counted.errors[static_cast<std::size_t>(ErrorKind::lost)] == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::db
