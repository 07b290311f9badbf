// What a session is told to be.
#include "db/session_settings.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>

namespace livechat::db {
namespace {

const auto kSettings = session_settings(std::chrono::seconds(7));

// The statement that follows when the server shows these.
std::string set_for(const Variables& shown) {
    return set_statement(settings_to_change(kSettings, shown));
}

BOOST_AUTO_TEST_SUITE(session_settings)

BOOST_AUTO_TEST_CASE(each_variable_has_one_row) {
    for (const auto& one : kSettings) {
        BOOST_TEST(std::ranges::count(kSettings, one.name, &SessionSetting::name) == 1);
        BOOST_TEST(!one.value.empty());
    }
}

BOOST_AUTO_TEST_CASE(the_question_names_all_of_them_and_what_is_asked_besides) {
    const auto question = settings_question(kSettings, {"server_id"});
    BOOST_TEST(
        question.starts_with("SHOW SESSION VARIABLES WHERE Variable_name IN ('autocommit',"));
    BOOST_TEST(question.find("'lock_wait_timeout',") != std::string::npos);
    BOOST_TEST(question.ends_with(",'server_id')"));
}

BOOST_AUTO_TEST_CASE(nothing_limits_the_answer_to_the_question) {
    BOOST_TEST(set_statement(settings_before_question())
                   .ends_with(", @@session.sql_big_selects = ON,"
                              " @@session.sql_select_limit = 18446744073709551615"));
}

BOOST_AUTO_TEST_CASE(the_character_set_is_set_whatever_the_server_shows) {
    BOOST_TEST(set_for({}) == "SET NAMES utf8mb4 COLLATE utf8mb4_general_ci");
}

BOOST_AUTO_TEST_CASE(what_the_server_does_not_know_is_not_set) {
    const auto sql = set_for({{"tx_isolation", "READ-UNCOMMITTED"}});
    BOOST_TEST(sql.ends_with(", @@session.tx_isolation = 'REPEATABLE-READ'"));
    BOOST_TEST(sql.find("transaction_isolation") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_as_it_should_be_stays) {
    BOOST_TEST(set_for({{"autocommit", "ON"},
                        {"foreign_key_checks", "1"},
                        {"max_statement_time", "0.000000"},
                        {"completion_type", "NO_CHAIN"},
                        {"innodb_lock_wait_timeout", "7"}}) == set_for({}));
}

BOOST_AUTO_TEST_CASE(numbers_and_switches_are_bare_and_words_are_quoted) {
    BOOST_TEST(set_for({{"autocommit", "OFF"}}).ends_with("@@session.autocommit = ON"));
    BOOST_TEST(
        set_for({{"lock_wait_timeout", "86400"}}).ends_with("@@session.lock_wait_timeout = 7"));
    BOOST_TEST(set_for({{"alter_algorithm", "INSTANT"}})
                   .ends_with("@@session.alter_algorithm = 'DEFAULT'"));
    BOOST_TEST(set_for({{"max_statement_time", "0.010000"}})
                   .ends_with("@@session.max_statement_time = 0"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::db
