#include "base/json.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace livechat {
namespace {

using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(json)

std::string nested(std::size_t depth, char open, char close) {
    return std::string(depth, open) + std::string(depth, close);
}

// The one string that a JSON text of one string stands for.
std::string string_of(const std::string& text) {
    const auto value = parse_json(text);
    BOOST_TEST_REQUIRE(value.has_value());
    return value->get<std::string>();
}

const std::vector<std::string> kGood{
    "null",
    "true",
    "0",
    "-0",
    "1e3",
    "-1.5E+2",
    "\"\"",
    "[]",
    "{}",
    " [ 1 , 2 ] \r\n\t",
    R"({"a":{"b":[null,false]}})",
    "\"\u20ac\U0001F600\"",
};

BOOST_DATA_TEST_CASE(json_is_read, kGood, text) { BOOST_TEST(parse_json(text).has_value()); }

const std::vector<std::string> kBad{
    "",
    " ",
    "nul",
    "True",
    "01",
    "+1",
    ".5",
    "1.",
    "1e",
    "0x1",
    "NaN",
    "Infinity",
    "1e999",
    "[",
    "]",
    "[1,]",
    "[,1]",
    "[1 2]",
    "{",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{a:1}",
    "{'a':1}",
    "[1]]",
    "{}{}",
    "[] x",
    "// a\n1",
    "/* a */1",
    "\"",
    "\"a",
    "'a'",
    "\"a\nb\"",
    "\"\t\"",
    "\"\\x41\"",
    "\"\\u12\"",
    "\"\\u12g4\"",
    "\"\\ud800",
    "\"\\",
    "\"\\u",
    "\"\xff\"",
    "\"\xc0\xaf\"",
    "\"\xed\xa0\x80\"",
    "\"\xf0\x9f\x98\"",
    "\"a\0b\""s,
    "[1]\0"s,
    "{}\0[]"s,
    "\0{}"s,
};

BOOST_DATA_TEST_CASE(anything_else_is_refused, kBad, text) { BOOST_TEST(!parse_json(text)); }

BOOST_AUTO_TEST_CASE(members_keep_their_order) {
    BOOST_TEST(parse_json(R"({"z":1,"a":2,"m":3})")->dump() == R"({"z":1,"a":2,"m":3})");
}

BOOST_AUTO_TEST_CASE(of_two_members_with_one_name_the_last_counts) {
    const auto value = parse_json(R"({"a":1,"b":2,"a":3})").value();
    BOOST_TEST(value["a"] == 3);
    BOOST_TEST(value.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_escaped_nul_is_a_character) {
    BOOST_TEST(string_of("\"a\\u0000b\"") == "a\0b"s);
}

BOOST_AUTO_TEST_CASE(nesting_goes_as_deep_as_allowed_and_no_deeper) {
    BOOST_TEST(parse_json(nested(64, '[', ']')).has_value());
    BOOST_TEST(!parse_json(nested(65, '[', ']')));
    BOOST_TEST(parse_json(nested(3, '[', ']'), 3).has_value());
    BOOST_TEST(!parse_json(nested(4, '[', ']'), 3));
    BOOST_TEST(!parse_json(R"([{"a":[{}]}])", 3));
    BOOST_TEST(parse_json(R"([{"a":[{}]}])", 4).has_value());
    BOOST_TEST(!parse_json("[]", 0));
    BOOST_TEST(parse_json("1", 0).has_value());
}

std::string object_of(std::size_t members) {
    std::string text = "{";
    for (std::size_t i = 0; i < members; ++i) {
        text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":{}";
    }
    return text + '}';
}

BOOST_AUTO_TEST_CASE(an_object_has_as_many_members_as_allowed_and_no_more) {
    BOOST_TEST(parse_json(object_of(kMaxMembers)).has_value());
    BOOST_TEST(!parse_json(object_of(kMaxMembers + 1)).has_value());
    BOOST_TEST(!parse_json("[[" + object_of(kMaxMembers + 1) + "]]").has_value());
    const auto most = object_of(kMaxMembers);
    BOOST_TEST(parse_json('[' + most + ',' + most + ']').has_value());
}

BOOST_AUTO_TEST_CASE(only_what_is_open_at_once_counts_as_depth) {
    BOOST_TEST(parse_json("[[],[],[],{},{}]", 2).has_value());
}

BOOST_AUTO_TEST_CASE(brackets_in_a_string_do_not_nest) {
    BOOST_TEST(parse_json("\"" + std::string(1000, '[') + "\"", 1).has_value());
    BOOST_TEST(parse_json(R"(["\"[[[[","[["])", 1).has_value());
    BOOST_TEST(parse_json(R"(["\\",[]])", 2).has_value());
    BOOST_TEST(!parse_json(R"(["\\",[]])", 1));
}

BOOST_AUTO_TEST_CASE(a_million_brackets_are_refused_without_harm) {
    BOOST_TEST(!parse_json(std::string(1'000'000, '[')));
    BOOST_TEST(!parse_json(nested(1'000'000, '[', ']')));
}

const std::vector<std::string> kEscaped{
    R"("\ud83d\ude00")",
    R"("\uD83D\uDE00")",
    R"("a\ud83d\ude00b\ud83d\ude00")",
    R"("\ud83d")",
    R"("\ude00")",
    R"("\ude00\ud83d")",
    R"("\ud83d\ud83d\ude00")",
    R"("\ud83d\ude00\ude00")",
    R"("\ud83dx\ude00")",
    R"("\ud83d\n\ude00")",
    R"("\ud83d\u0041")",
    R"("\\ud83d")",
    R"("\\\ud83d")",
    R"("\\\\ud83d")",
    R"("\"\ud83d\"")",
    R"("\ud7ff\ue000")",
    R"("\ud83d\\ude00")",
    R"("\/\ud83d\/")",
};
const std::vector<std::string> kMeant{
    "\U0001F600",       "\U0001F600",       "a\U0001F600b\U0001F600",
    "\ufffd",           "\ufffd",           "\ufffd\ufffd",
    "\ufffd\U0001F600", "\U0001F600\ufffd", "\ufffdx\ufffd",
    "\ufffd\n\ufffd",   "\ufffdA",          "\\ud83d",
    "\\\ufffd",         "\\\\ud83d",        "\"\ufffd\"",
    "\ud7ff\ue000",     "\ufffd\\ude00",    "/\ufffd/",
};

BOOST_DATA_TEST_CASE(pairs_are_combined_and_half_a_pair_is_replaced,
                     kEscaped ^ kMeant,
                     text,
                     expected) {
    BOOST_TEST(string_of(text) == expected);
}

BOOST_AUTO_TEST_CASE(half_a_pair_in_a_name_is_replaced_too) {
    BOOST_TEST(parse_json(R"({"\ud800":[1]})")->dump() == "{\"\ufffd\":[1]}");
}

const std::vector<std::string> kTexts{
    "",
    "plain",
    "\"",
    "\\",
    "/",
    "a\nb\rc\td",
    "\b\f\x01\x1e\x1f",
    "a\0b"s,
    "\x7f",
    "\u20ac\U0001F600",
    "\u2028",
    "</script>",
    "\"\"",
    "tail\\",
};
const std::vector<std::string> kStrings{
    R"("")",
    R"("plain")",
    R"("\"")",
    R"("\\")",
    R"("/")",
    R"("a\nb\rc\td")",
    R"("\u0008\u000c\u0001\u001e\u001f")",
    R"("a\u0000b")",
    "\"\x7f\"",
    "\"\u20ac\U0001F600\"",
    "\"\u2028\"",
    R"("</script>")",
    R"("\"\"")",
    R"("tail\\")",
};

BOOST_DATA_TEST_CASE(text_becomes_a_json_string, kTexts ^ kStrings, text, expected) {
    std::string out = "before:";
    append_json_string(out, text);
    BOOST_TEST(out == "before:" + expected);
}

BOOST_DATA_TEST_CASE(what_is_written_is_read_back_as_it_was, kTexts, text) {
    std::string out;
    append_json_string(out, text);
    BOOST_TEST(string_of(out) == text);
}

BOOST_AUTO_TEST_CASE(the_size_of_a_written_string_is_known_beforehand) {
    std::string every;
    for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
    for (const auto& text : {std::string(), std::string("plain"), every, every + every}) {
        std::string out;
        append_json_string(out, text);
        BOOST_TEST(json_string_size(text) == out.size());
    }
}

BOOST_AUTO_TEST_CASE(no_byte_of_a_written_string_is_a_control_character) {
    std::string every;
    for (int byte = 0; byte < 0x80; ++byte) every += static_cast<char>(byte);
    std::string out;
    append_json_string(out, every);
    for (const char c : out) BOOST_TEST(static_cast<unsigned char>(c) >= 0x20);
    BOOST_TEST(string_of(out) == every);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
