#include <boost/test/unit_test.hpp>

#include "terminal/text.hpp"

namespace livechat::admin {
namespace {

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(what_people_write_stays_as_it_is) {
    BOOST_TEST(printable("Grüße, 你好 😀") == "Grüße, 你好 😀");
}

BOOST_AUTO_TEST_CASE(control_characters_cannot_reach_the_terminal) {
    BOOST_TEST(printable("a\x1b[31mb") == "a\xef\xbf\xbd[31mb");
    BOOST_TEST(printable("a\nb\tc\x7f") ==
               "a\xef\xbf\xbd"
               "b\xef\xbf\xbd"
               "c\xef\xbf\xbd");
    BOOST_TEST(printable("\xc2\x9b") == "\xef\xbf\xbd");      // CSI as one character
    BOOST_TEST(printable("\xe2\x80\xae") == "\xef\xbf\xbd");  // right to left from here
}

BOOST_AUTO_TEST_CASE(what_is_no_utf8_is_replaced_byte_by_byte) {
    BOOST_TEST(printable("a\xff\xc3") == "a\xef\xbf\xbd\xef\xbf\xbd");
}

BOOST_AUTO_TEST_CASE(a_line_is_cut_by_characters_not_bytes) {
    BOOST_TEST(printable_line("äöüß", 4) == "äöüß");
    BOOST_TEST(printable_line("äöüßx", 4) == "äöü…");
    BOOST_TEST(printable_line("one\r\ntwo", 20) == "one two");
}

BOOST_AUTO_TEST_CASE(columns_are_as_wide_as_their_widest_cell) {
    BOOST_TEST(table({"name", "n"}, {{"ä", "1"}, {"longer", "2"}}) ==
               "name    n\nä       1\nlonger  2\n");
}

BOOST_AUTO_TEST_CASE(numbers_are_grouped) {
    BOOST_TEST(grouped(7) == "7");
    BOOST_TEST(grouped(1000) == "1,000");
    BOOST_TEST(grouped(1234567) == "1,234,567");
    BOOST_TEST(in_bytes(999) == "999 B");
    BOOST_TEST(in_bytes(1500) == "1.5 kB");
    BOOST_TEST(in_bytes(2'000'000'000) == "2.0 GB");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::admin
