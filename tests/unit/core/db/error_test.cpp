// What a log line says of a database error.
#include "db/error.hpp"

#include <boost/test/unit_test.hpp>

namespace livechat::db {
namespace {

BOOST_AUTO_TEST_SUITE(error)

BOOST_AUTO_TEST_CASE(a_full_disk_is_called_one_whatever_met_it) {
    for (const int code : {3, 1021, 1026, 1114}) {
        const auto reason = reason_of({ErrorKind::lost, code, "The table 'message' is full"});
        BOOST_TEST(reason.starts_with("the disk of the database server is full: make room"));
    }
}

BOOST_AUTO_TEST_CASE(what_a_statement_held_is_never_quoted) {
    const Error duplicate(ErrorKind::duplicate, 1062, "Duplicate entry 'secret' for key 'x'");
    BOOST_TEST(reason_of(duplicate) == "see the code");
    BOOST_TEST(reason_of({ErrorKind::other, 1366, "Incorrect value: 'secret'"}) == "see the code");
    BOOST_TEST(reason_of({ErrorKind::other, 1142, "'secret'"}).find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(where_there_was_no_connection_the_library_says_why) {
    const Error lost(ErrorKind::lost, 2002, "Can't connect to server on '/run/x.sock'");
    BOOST_TEST(reason_of(lost) == "Can't connect to server on '/run/x.sock'");
}

BOOST_AUTO_TEST_CASE(a_missing_right_and_a_wrong_schema_name_the_command_that_helps) {
    BOOST_TEST(reason_of({ErrorKind::other, 1142, ""}).find("livechat-admin doctor") !=
               std::string::npos);
    BOOST_TEST(reason_of({ErrorKind::other, 1449, ""}).find("operations.md") != std::string::npos);
    BOOST_TEST(reason_of({ErrorKind::other, 1146, ""}).find("livechat-admin migrate") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::db
