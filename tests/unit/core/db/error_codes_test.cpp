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

// Too many of an account's connections (two) or of prepared statements; a node that left its
// cluster; a read-only transaction; a binary log that cannot take the statement; a statement's time
// limit (of MariaDB, of MySQL); a proxy's errors (two); the end of an idle connection of MySQL 8.
const std::vector<int> kPassing{1203, 1226, 1461, 1047, 1792, 1665, 1969, 3024, 1105, 9001, 4031};
BOOST_DATA_TEST_CASE(what_the_server_cannot_do_now_it_may_do_later, kPassing, code) {
    BOOST_TEST(meaning(code) == "lost");
}

BOOST_AUTO_TEST_CASE(a_row_that_changed_since_it_was_read_is_as_a_deadlock) {
    BOOST_TEST(meaning(1020) == "deadlock");
    BOOST_TEST(meaning(3101) == "deadlock");
}

BOOST_AUTO_TEST_CASE(a_commit_that_failed_may_have_happened) {
    BOOST_TEST(meaning(1180) == "in_doubt");
}

BOOST_AUTO_TEST_CASE(a_statement_that_is_too_long_ends_the_connection) {
    BOOST_TEST(meaning(1153) == "too_large");
    BOOST_TEST(ends_connection(1153));
    BOOST_TEST(ends_connection(1146));
    BOOST_TEST(!ends_connection(1062));
}

BOOST_AUTO_TEST_CASE(an_option_that_forbids_is_not_always_read_only) {
    const std::string_view read_only = "The MariaDB server is running with the --read-only option";
    const std::string_view engine = "... with the --enforce-storage-engine=Aria option";
    BOOST_TEST(to_string(kind_of(1290, read_only)) == "lost");
    BOOST_TEST(to_string(kind_of(1290, engine)) == "other");
    BOOST_TEST(find_known_error(1290, read_only)->what.find("read-only") != std::string::npos);
    BOOST_TEST(find_known_error(1290, engine)->what.find("read-only") == std::string::npos);
    BOOST_TEST(is_of_read_only_server(Error(ErrorKind::lost, 1290, std::string(read_only))));
    BOOST_TEST(!is_of_read_only_server(Error(ErrorKind::other, 1290, std::string(engine))));
}

BOOST_AUTO_TEST_CASE(outdated_system_tables_name_the_command_that_mends_them) {
    for (const int code : {1457, 1547, 1548, 1558, 1805}) {
        BOOST_CHECK(cause_of(code) == Cause::outdated_system_tables);
        BOOST_TEST(find_known_error(code, {})->advice.find("mariadb-upgrade") != std::string::npos);
    }
    BOOST_CHECK(cause_of(1146) == Cause::other_schema);
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
