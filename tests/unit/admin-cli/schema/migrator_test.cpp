#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "db/schema_state.hpp"
#include "schema/migrator.hpp"

namespace livechat::admin {
namespace {

BOOST_AUTO_TEST_SUITE(migrations)

BOOST_AUTO_TEST_CASE(the_programs_need_the_triggers_that_the_migrations_leave_behind) {
    std::set<std::string> left;
    for (const auto& object : objects_of(MIGRATIONS)) {
        if (object.starts_with("trigger ")) left.insert(object.substr(object.find(' ') + 1));
    }
    const auto needed = db::triggers_needed();
    BOOST_TEST(left == std::set<std::string>(needed.begin(), needed.end()),
               boost::test_tools::per_element());
    BOOST_TEST(list_migrations(MIGRATIONS).back().version == db::schema_version_needed());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::admin
