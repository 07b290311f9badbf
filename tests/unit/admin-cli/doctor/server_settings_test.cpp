// What doctor says of a server's settings.
#include "doctor/server_settings.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>

namespace livechat::admin {
namespace {

const db::Variables kUsual{{"autocommit", "ON"},
                           {"auto_increment_increment", "1"},
                           {"innodb_flush_log_at_trx_commit", "1"},
                           {"log_bin", "OFF"},
                           {"binlog_format", "MIXED"},
                           {"sync_binlog", "0"},
                           {"max_allowed_packet", "16777216"},
                           {"max_connections", "151"},
                           {"max_prepared_stmt_count", "16382"},
                           {"read_only", "OFF"}};

Findings judge(const std::string& variable, const std::string& value) {
    ServerSettings settings{kUsual, 0, {}};
    settings.variables[variable] = value;
    return judge_settings(settings, Config());
}

bool is_only(const Findings& findings, Grade grade, const std::string& word) {
    return findings.size() == 1 && findings[0].grade == grade && !findings[0].advice.empty() &&
           (findings[0].what + findings[0].advice).find(word) != std::string::npos;
}

BOOST_AUTO_TEST_SUITE(server_settings)

BOOST_AUTO_TEST_CASE(of_a_server_with_the_defaults_there_is_nothing_to_say) {
    BOOST_TEST(judge_settings({kUsual, 0, {}}, Config()).empty());
}

BOOST_AUTO_TEST_CASE(a_server_that_stores_nothing_is_bad) {
    BOOST_TEST(is_only(judge("read_only", "ON"), Grade::bad, "read_only"));
    BOOST_TEST(is_only(judge("read_only", "NO_LOCK"), Grade::bad, "read_only"));
    BOOST_TEST(is_only(judge("super_read_only", "ON"), Grade::bad, "super_read_only"));
    BOOST_TEST(is_only(judge("innodb_read_only", "ON"), Grade::bad, "innodb_read_only"));
}

BOOST_AUTO_TEST_CASE(what_no_session_can_undo_is_worth_knowing) {
    BOOST_TEST(is_only(judge("auto_increment_increment", "3"), Grade::notice, "gaps"));
    BOOST_TEST(is_only(judge("innodb_flush_log_at_trx_commit", "2"), Grade::notice, "power"));
    BOOST_TEST(is_only(judge("init_connect", "SET autocommit=0"), Grade::notice, "init_connect"));
}

BOOST_AUTO_TEST_CASE(the_format_of_a_binary_log_matters_where_there_is_one) {
    BOOST_TEST(judge("binlog_format", "STATEMENT").empty());
    ServerSettings settings{kUsual, 0, {}};
    settings.variables["log_bin"] = "ON";
    settings.variables["sync_binlog"] = "1";
    settings.variables["binlog_format"] = "STATEMENT";
    BOOST_TEST(is_only(judge_settings(settings, Config()), Grade::notice, "binlog_format"));
}

BOOST_AUTO_TEST_CASE(a_packet_that_is_too_small_for_one_message_is_bad_and_for_a_batch_a_notice) {
    BOOST_TEST(is_only(judge("max_allowed_packet", "65536"), Grade::bad, "max_allowed_packet"));
    BOOST_TEST(is_only(judge("max_allowed_packet", "1048576"), Grade::notice, "batch"));
}

BOOST_AUTO_TEST_CASE(an_account_needs_as_many_connections_as_the_programs_make) {
    const Config config;
    BOOST_TEST(
        is_only(judge_settings({kUsual, 7, {}}, config), Grade::bad, "MAX_USER_CONNECTIONS"));
    BOOST_TEST(judge_settings({kUsual, 20, {}}, config).empty());
    BOOST_TEST(is_only(judge("max_prepared_stmt_count", "0"), Grade::bad, "prepared"));
}

BOOST_AUTO_TEST_CASE(a_setting_that_the_server_kept_is_named) {
    const auto findings = judge_settings({kUsual, 0, {"unique_checks = ON"}}, Config());
    BOOST_TEST(is_only(findings, Grade::notice, "unique_checks = ON"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::admin
