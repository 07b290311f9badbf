#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "schema/plan.hpp"

namespace livechat::admin {
namespace {

const std::vector<Migration> kThree{{1, "chat", "0001_chat.sql"},
                                    {2, "recovery", "0002_recovery.sql"},
                                    {3, "access", "0003_access.sql"}};

const std::vector<std::string> kNoMigrations{
    "",           "1_chat.sql",     "0001chat.sql", "0001_.sql",
    "000a_a.sql", "0001_Chat.sql",  "0001_a.sql~",  "0001_a b.sql",
    "0000_a.sql", "0001_a.sql.bak", "0001.sql"};

BOOST_AUTO_TEST_SUITE(plan_of_migrations)

BOOST_AUTO_TEST_CASE(a_file_name_holds_number_and_name) {
    const auto migration = parse_migration_name("0012_two_words2.sql");
    BOOST_TEST(migration.version == 12);
    BOOST_TEST(migration.name == "two_words2");
    BOOST_TEST(migration.file == "0012_two_words2.sql");
}

BOOST_DATA_TEST_CASE(another_name_is_no_migration, kNoMigrations, name) {
    BOOST_TEST(parse_migration_name(name).version == 0);
}

BOOST_AUTO_TEST_CASE(an_empty_database_lacks_all_in_order) {
    const auto lacking = plan(kThree, {}).to_apply;
    BOOST_REQUIRE(lacking.size() == 3);
    BOOST_TEST(lacking[0].version == 1);
    BOOST_TEST(lacking[2].version == 3);
}

BOOST_AUTO_TEST_CASE(what_was_applied_is_not_applied_again) {
    const auto made = plan(kThree, {{1, ""}, {2, ""}, {3, ""}});
    BOOST_TEST(made.to_apply.empty());
    BOOST_TEST(made.unknown.empty());
    BOOST_TEST(!made.newer);
}

BOOST_AUTO_TEST_CASE(one_that_was_left_out_is_applied_later) {
    const auto lacking = plan(kThree, {{1, ""}, {3, ""}}).to_apply;
    BOOST_REQUIRE(lacking.size() == 1);
    BOOST_TEST(lacking[0].version == 2);
}

BOOST_AUTO_TEST_CASE(a_version_above_all_that_are_known_is_newer) {
    const auto made = plan(kThree, {{1, ""}, {2, ""}, {3, ""}, {4, ""}});
    BOOST_TEST(made.newer);
    BOOST_TEST(made.unknown == std::vector<unsigned>{4});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::admin
