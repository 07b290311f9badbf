#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "schema/script.hpp"

namespace livechat::admin {
namespace {

std::vector<std::string> texts(std::string_view script) {
    std::vector<std::string> texts;
    for (auto& statement : split_statements(script)) texts.push_back(std::move(statement.text));
    return texts;
}

using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(script)

BOOST_AUTO_TEST_CASE(statements_end_with_a_semicolon) {
    BOOST_TEST(texts("SELECT 1; SELECT 2;\n") == (Texts{"SELECT 1", "SELECT 2"}));
}

BOOST_AUTO_TEST_CASE(the_last_one_needs_none) {
    BOOST_TEST(texts("SELECT 1") == Texts{"SELECT 1"});
}

BOOST_AUTO_TEST_CASE(comments_alone_are_no_statement) {
    BOOST_TEST(texts("-- first; second\n# third;\n/* fourth; */\n").empty());
}

BOOST_AUTO_TEST_CASE(a_semicolon_in_a_comment_ends_nothing) {
    BOOST_TEST(texts("SELECT 1 -- one;\n + 1;") == Texts{"SELECT 1 -- one;\n + 1"});
    BOOST_TEST(texts("SELECT /* ; */ 1;") == Texts{"SELECT /* ; */ 1"});
}

BOOST_AUTO_TEST_CASE(two_dashes_without_a_blank_are_arithmetic) {
    BOOST_TEST(texts("SELECT 1--1; SELECT 2;") == (Texts{"SELECT 1--1", "SELECT 2"}));
}

BOOST_AUTO_TEST_CASE(a_semicolon_in_quotes_ends_nothing) {
    BOOST_TEST(texts("SELECT ';', \";\", `;`;") == Texts{"SELECT ';', \";\", `;`"});
}

BOOST_AUTO_TEST_CASE(quotes_within_strings_are_seen) {
    BOOST_TEST(texts("SELECT 'it''s;', 'it\\'s;', \"a\"\"b;\"; SELECT 2;") ==
               (Texts{"SELECT 'it''s;', 'it\\'s;', \"a\"\"b;\"", "SELECT 2"}));
}

BOOST_AUTO_TEST_CASE(a_delimiter_line_changes_what_ends_a_statement) {
    BOOST_TEST(texts("DELIMITER //\nCREATE TRIGGER t BEGIN a; b; END//\ndelimiter ;\nSELECT 1;") ==
               (Texts{"CREATE TRIGGER t BEGIN a; b; END", "SELECT 1"}));
}

BOOST_AUTO_TEST_CASE(a_statement_knows_its_line) {
    const auto statements = split_statements("-- one\n\nSELECT 1;\nSELECT\n2;\n  SELECT 3;");
    BOOST_REQUIRE(statements.size() == 3);
    BOOST_TEST(statements[0].line == 3);
    BOOST_TEST(statements[1].line == 4);
    BOOST_TEST(statements[2].line == 6);
}

BOOST_AUTO_TEST_CASE(what_is_not_closed_is_refused_with_its_line) {
    const auto says = [](const std::string& sentence) {
        return [sentence](const ScriptError& error) { return error.what() == sentence; };
    };
    BOOST_CHECK_EXCEPTION(split_statements("SELECT\n'a"), ScriptError,
                          says("line 2: a string or a quoted name is not closed"));
    BOOST_CHECK_EXCEPTION(split_statements("\n/* a"), ScriptError,
                          says("line 2: a comment is not closed"));
    BOOST_CHECK_EXCEPTION(split_statements("DELIMITER  \n"), ScriptError,
                          says("line 1: DELIMITER names none"));
    BOOST_CHECK_THROW(split_statements("'\\"), ScriptError);
}

BOOST_AUTO_TEST_CASE(triggers_procedures_and_functions_are_known_by_name) {
    const auto object = named_object("CREATE TRIGGER `One` BEFORE INSERT ON t");
    BOOST_TEST(object.created);
    BOOST_TEST(object.kind == "trigger");
    BOOST_TEST(object.name == "one");
    BOOST_TEST(named_object("CREATE PROCEDURE two(IN a INT)").name == "two");
    BOOST_TEST(named_object("CREATE FUNCTION four (a INT) RETURNS INT").kind == "function");
    BOOST_TEST(!named_object("drop procedure if exists two").created);
    BOOST_TEST(named_object("drop procedure if exists two").name == "two");
    BOOST_TEST(named_object("CREATE TABLE three (id INT)").kind.empty());
    BOOST_TEST(named_object("").kind.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::admin
