#include "http/url.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace livechat::http {
namespace {

using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(url)

BOOST_AUTO_TEST_CASE(a_segment_without_escapes_stands_for_itself) {
    BOOST_TEST(decode_segment("user123").value() == "user123");
    BOOST_TEST(decode_segment("").value().empty());
}

BOOST_AUTO_TEST_CASE(an_encoded_slash_question_mark_and_percent_are_characters) {
    BOOST_TEST(decode_segment("a%2Fb%3fc%25d").value() == "a/b?c%d");
}

BOOST_AUTO_TEST_CASE(a_plus_in_a_segment_is_a_plus) {
    BOOST_TEST(decode_segment("a+b").value() == "a+b");
}

BOOST_AUTO_TEST_CASE(a_segment_is_decoded_once) {
    BOOST_TEST(decode_segment("%2541").value() == "%41");
}

BOOST_AUTO_TEST_CASE(an_encoded_nul_survives) {
    BOOST_TEST(decode_segment("a%00b").value() == "a\0b"s);
}

BOOST_AUTO_TEST_CASE(an_emoji_comes_encoded_or_as_it_is) {
    BOOST_TEST(decode_segment("%F0%9F%98%80").value() == "\U0001F600");
    BOOST_TEST(decode_segment("\U0001F600").value() == "\U0001F600");
}

const std::vector<std::string> kBroken{
    "%",      "a%",         "%4",   "%4g",     "%g4",       "% 41",   "%%41",
    "%u0041", "%ff",        "%c3",  "%c3%28",  "%ed%a0%80", "%c0%af", "%f4%90%80%80",
    "%80",    "a%f0%9f%98", "\xff", "caf\xe9", "%e2%82",
};

BOOST_DATA_TEST_CASE(a_broken_segment_is_refused, kBroken, raw) {
    BOOST_TEST(!decode_segment(raw));
}

BOOST_DATA_TEST_CASE(a_broken_parameter_is_refused_by_name_and_by_value, kBroken, raw) {
    BOOST_TEST(!Query::parse("a=" + raw));
    BOOST_TEST(!Query::parse(raw + "=a"));
    BOOST_TEST(!Query::parse("page=1&" + raw));
}

BOOST_AUTO_TEST_CASE(parameters_are_found_by_name) {
    const auto query = Query::parse("page=2&limit=50").value();
    BOOST_TEST(query.get("page").value() == "2");
    BOOST_TEST(query.get("limit").value() == "50");
    BOOST_TEST(!query.get("after"));
}

BOOST_AUTO_TEST_CASE(of_two_parameters_with_one_name_the_last_counts) {
    BOOST_TEST(Query::parse("page=1&page=2").value().get("page").value() == "2");
}

BOOST_AUTO_TEST_CASE(a_parameter_without_a_value_is_empty) {
    BOOST_TEST(Query::parse("page").value().get("page").value() == "");
    BOOST_TEST(Query::parse("page=").value().get("page").value() == "");
}

BOOST_AUTO_TEST_CASE(an_empty_query_and_stray_ampersands_hold_nothing) {
    BOOST_TEST(!Query::parse("").value().get(""));
    BOOST_TEST(!Query::parse("&&&").value().get(""));
    BOOST_TEST(Query::parse("&a=1&").value().get("a").value() == "1");
}

BOOST_AUTO_TEST_CASE(a_plus_in_a_query_is_a_space_and_its_escape_a_plus) {
    BOOST_TEST(Query::parse("a+b=c+d%2Be").value().get("a b").value() == "c d+e");
}

BOOST_AUTO_TEST_CASE(only_the_first_equals_sign_parts_name_and_value) {
    BOOST_TEST(Query::parse("cursor=a=b==").value().get("cursor").value() == "a=b==");
}

BOOST_AUTO_TEST_CASE(a_target_is_split_at_the_first_question_mark) {
    using Pair = std::pair<std::string_view, std::string_view>;
    BOOST_CHECK(split_target("/a/b?c=d?e") == Pair("/a/b", "c=d?e"));
    BOOST_CHECK(split_target("/a/b") == Pair("/a/b", ""));
    BOOST_CHECK(split_target("/a?") == Pair("/a", ""));
    BOOST_CHECK(split_target("") == Pair("", ""));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::http
