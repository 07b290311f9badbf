#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "schema/rights.hpp"

namespace livechat::admin {
namespace {

using Words = std::vector<std::string>;

const std::string kUsage =
    "GRANT USAGE ON *.* TO `livechat`@`localhost` IDENTIFIED BY PASSWORD '*A'";

BOOST_AUTO_TEST_SUITE(rights)

BOOST_AUTO_TEST_CASE(what_setup_grants_is_enough_and_not_too_much) {
    const auto found = rights_on(
        {kUsage,
         "GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON `livechat`.* TO `livechat`@`localhost`"},
        "livechat");
    BOOST_TEST(found.missing.empty());
    BOOST_TEST(found.excessive.empty());
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_named) {
    const auto found =
        rights_on({kUsage, "GRANT SELECT, INSERT ON `livechat`.* TO `l`@`h`"}, "livechat");
    BOOST_TEST(found.missing == (Words{"UPDATE", "DELETE", "EXECUTE"}));
    BOOST_TEST(
        rights_on({"GRANT ALL PRIVILEGES ON `other`.* TO `l`@`h`"}, "livechat").missing.size() ==
        5);
}

BOOST_AUTO_TEST_CASE(an_escaped_name_is_the_same_database) {
    const auto grant =
        "GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON `live\\_chat`.* TO `l`@`h`";
    BOOST_TEST(rights_on({grant}, "live_chat").missing.empty());
}

BOOST_AUTO_TEST_CASE(too_much_is_named) {
    BOOST_TEST(
        rights_on({"GRANT ALL PRIVILEGES ON `livechat`.* TO `l`@`h`"}, "livechat").excessive ==
        Words{"ALL PRIVILEGES"});
    BOOST_TEST(rights_on({"GRANT SELECT, DROP ON `livechat`.* TO `l`@`h`"}, "livechat").excessive ==
               Words{"DROP"});
    BOOST_TEST(rights_on({"GRANT SUPER ON *.* TO `l`@`h`"}, "livechat").excessive ==
               Words{"SUPER on all databases"});
}

BOOST_AUTO_TEST_CASE(names_and_texts_cannot_leave_their_quotes) {
    BOOST_TEST(quoted_name("a`b") == "`a``b`");
    BOOST_TEST(quoted_text("a'b\\c") == "'a\\'b\\\\c'");
    BOOST_TEST(quoted_pattern("a_b%") == "`a\\_b\\%`");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::admin
