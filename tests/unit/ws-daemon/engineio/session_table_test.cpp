#include "engineio/session_table.hpp"

#include <boost/test/unit_test.hpp>

namespace livechat::eio {
namespace {

BOOST_AUTO_TEST_SUITE(engineio_session_table)

BOOST_AUTO_TEST_CASE(a_sid_begins_with_the_name_of_its_daemon) {
    BOOST_TEST(make_sid("d1", "abc") == "d1.abc");
    BOOST_TEST(make_sid("", "abc") == "abc");
}

BOOST_AUTO_TEST_CASE(the_limits_hold_in_total_and_for_each_address) {
    SessionTable<int> table({3, 2});
    table.insert("a", "::1", std::make_shared<int>(1));
    table.insert("b", "::1", std::make_shared<int>(2));
    BOOST_TEST((table.admits("::1") == Admission::address_full));
    BOOST_TEST((table.admits("::2") == Admission::welcome));
    table.insert("c", "::2", std::make_shared<int>(3));
    BOOST_TEST((table.admits("::3") == Admission::table_full));
    table.erase("a", "::1");
    table.erase("a", "::1");
    BOOST_TEST((table.admits("::1") == Admission::welcome));
    BOOST_TEST(*table.find("b") == 2);
    BOOST_TEST(!table.find("a"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::eio
