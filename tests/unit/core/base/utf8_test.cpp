#include "base/utf8.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace livechat {
namespace {

BOOST_AUTO_TEST_SUITE(utf8)

// The first and the last code point of each length, and those around the surrogates.
const std::vector<std::string> kEncoded{
    std::string(1, '\0'), "\x7f",         "\xc2\x80",     "\xdf\xbf",         "\xe0\xa0\x80",
    "\xed\x9f\xbf",       "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf0\x9f\x98\x80",
    "\xf4\x8f\xbf\xbf",
};
const std::vector<std::uint32_t> kCodePoints{
    0x0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x1f600, 0x10ffff,
};

BOOST_DATA_TEST_CASE(a_code_point_is_taken_off_the_front, kEncoded ^ kCodePoints, bytes, expected) {
    const std::string text = bytes + "x";
    std::string_view rest = text;
    BOOST_TEST(static_cast<std::uint32_t>(next_code_point(rest).value()) == expected);
    BOOST_TEST(rest == "x");
}

const std::vector<std::string> kMalformed{
    "\x80",                      // a continuation byte alone
    "\xbf",                      //
    "\xc0\x80",                  // NUL in two bytes
    "\xc0\xaf",                  // a slash in two
    "\xc1\xbf",                  //
    "\xe0\x80\x80",              // overlong in three
    "\xe0\x9f\xbf",              //
    "\xf0\x80\x80\x80",          // overlong in four
    "\xf0\x8f\xbf\xbf",          //
    "\xed\xa0\x80",              // the first surrogate
    "\xed\xbf\xbf",              // the last one
    "\xed\xa0\xbd\xed\xb8\x80",  // a pair of them, as CESU-8 writes an emoji
    "\xf4\x90\x80\x80",          // U+110000
    "\xf5\x80\x80\x80",          //
    "\xf8\x88\x80\x80\x80",      // five bytes
    "\xfe",                      //
    "\xff",                      //
    "\xc3",                      // cut short
    "\xe2\x82",                  //
    "\xf0\x9f\x98",              //
    "\xc3(",                     // followed by what is no continuation
    "\xe2\x28\xac",              //
    "\xe2\x82\x28",              //
    "\xf0\x9f\x98\x28",          //
    "\xc3\xc3\xa9",              //
};

BOOST_DATA_TEST_CASE(what_is_malformed_is_refused_and_stays_where_it_is, kMalformed, bytes) {
    std::string_view rest = bytes;
    BOOST_TEST(!next_code_point(rest));
    BOOST_TEST(rest == bytes);
}

BOOST_DATA_TEST_CASE(one_malformed_place_spoils_the_count, kMalformed, bytes) {
    BOOST_TEST(!count_code_points(bytes));
    BOOST_TEST(!count_code_points("good " + bytes));
    BOOST_TEST(!count_code_points(bytes + " good"));
}

BOOST_AUTO_TEST_CASE(nothing_begins_with_no_code_point_and_counts_as_none) {
    std::string_view nothing;
    BOOST_TEST(!next_code_point(nothing));
    BOOST_TEST(count_code_points("").value() == 0u);
}

BOOST_AUTO_TEST_CASE(code_points_are_counted_not_bytes) {
    BOOST_TEST(count_code_points("abc").value() == 3u);
    BOOST_TEST(count_code_points("h\u20ac\U0001F600").value() == 3u);
    BOOST_TEST(count_code_points(std::string(3, '\0')).value() == 3u);
    // A family is one picture and five code points.
    BOOST_TEST(count_code_points("\U0001F468\u200d\U0001F469\u200d\U0001F467").value() == 5u);
}

BOOST_AUTO_TEST_CASE(a_text_is_rewritten_by_code_points_and_what_is_none_replaced_byte_by_byte) {
    const auto same = [](char32_t, std::string_view bytes) { return bytes; };
    BOOST_TEST(rewritten("", same).empty());
    BOOST_TEST(rewritten("a\xc3\xa4\xf0\x9f\x98\x80", same) == "a\xc3\xa4\xf0\x9f\x98\x80");
    BOOST_TEST(rewritten("a\xff\xc3", same) == "a\xef\xbf\xbd\xef\xbf\xbd");
    const auto loud = [](char32_t code, std::string_view bytes) {
        return code == 0xe4 ? std::string_view("AE") : bytes;
    };
    BOOST_TEST(rewritten("x\xc3\xa4y", loud) == "xAEy");
}

BOOST_AUTO_TEST_CASE(a_well_formed_text_stays_and_each_bad_byte_is_replaced) {
    const std::string good = "twelve bytes and \xc3\xa4 \xf0\x9f\x8e\x89, more than eight behind";
    BOOST_TEST(well_formed(good) == good);
    BOOST_TEST(well_formed("") == "");
    BOOST_TEST(well_formed("plain text, \xf1 and more of it") ==
               "plain text, \xef\xbf\xbd and more of it");
    BOOST_TEST(well_formed("12345678\xc3") == "12345678\xef\xbf\xbd");
    BOOST_TEST(well_formed("\xed\xa0\x80") == "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

BOOST_AUTO_TEST_CASE(controls_are_those_of_c0_and_c1_and_del) {
    for (const char32_t code : {U'\0', U'\n', U'\x1f', U'\x7f', U'\x80', U'\x9f'})
        BOOST_TEST(is_control(code));
    for (const char32_t code : {U' ', U'~', U'\xa0', U'\u2028', U'\u202e'})
        BOOST_TEST(!is_control(code));
    for (const char32_t code : {U'\u202a', U'\u202e', U'\u2066', U'\u2069'})
        BOOST_TEST(is_direction_control(code));
    for (const char32_t code : {U'a', U'\u2029', U'\u202f', U'\u2065', U'\u206a'})
        BOOST_TEST(!is_direction_control(code));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
