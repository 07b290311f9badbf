#include "domain/rules.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

namespace livechat {

std::ostream& operator<<(std::ostream& out, ErrorCode code) { return out << to_string(code); }

namespace rules {
namespace {

using namespace std::string_literals;

const Limits kDefaults;
constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kMaxSafe = (std::uint64_t{1} << 53) - 1;

std::string repeated(std::size_t count, const std::string& text) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += text;
    return all;
}

Limits small_limits() {
    Limits limits;
    limits.client_id_chars = 3;
    limits.message_bytes = 4;
    limits.message_id_chars = 2;
    return limits;
}

BOOST_AUTO_TEST_SUITE(rules_of_names)

// One code point each, of one to four bytes.
const std::vector<std::string> kCharacters{"a", "\u00e9", "\u20ac", "\U0001F600"};

BOOST_DATA_TEST_CASE(names_are_measured_in_code_points, kCharacters, character) {
    BOOST_TEST(check_client_id(repeated(128, character), kDefaults).has_value());
    BOOST_TEST(check_message_id(repeated(64, character), kDefaults).has_value());
    BOOST_TEST(check_client_id(repeated(129, character), kDefaults).error().code ==
               ErrorCode::client_id_invalid);
    BOOST_TEST(check_message_id(repeated(65, character), kDefaults).error().code ==
               ErrorCode::message_id_invalid);
}

BOOST_AUTO_TEST_CASE(a_limit_that_was_hurt_is_named) {
    const auto limits = small_limits();
    BOOST_TEST(check_client_id("abc", limits).has_value());
    BOOST_TEST(check_client_id("abcd", limits).error().message == "clientId has 1 to 3 characters");
    BOOST_TEST(check_message_id("ab", limits).has_value());
    BOOST_TEST(check_message_id("abc", limits).error().message ==
               "messageId has 1 to 2 characters");
}

BOOST_AUTO_TEST_CASE(an_empty_name_is_refused) {
    BOOST_CHECK(check_client_id("", kDefaults).error() ==
                (Failure{ErrorCode::client_id_required, "clientId is required"}));
    BOOST_CHECK(check_message_id("", kDefaults).error() ==
                (Failure{ErrorCode::message_id_invalid, "messageId has 1 to 64 characters"}));
}

// Unicode's category Cc: C0, DEL and C1.
BOOST_DATA_TEST_CASE(no_control_character_is_allowed_in_a_name,
                     boost::unit_test::data::xrange(0xa0),
                     c) {
    if (c >= 0x20 && c < 0x7f) return;
    const std::string character = c < 0x80 ? std::string(1, static_cast<char>(c))
                                           : "\xc2" + std::string(1, static_cast<char>(c));
    for (const auto& name : {character, "a" + character, character + "b"}) {
        BOOST_CHECK(check_client_id(name, kDefaults).error() ==
                    (Failure{ErrorCode::client_id_invalid, "clientId holds a control character"}));
        BOOST_CHECK(
            check_message_id(name, kDefaults).error() ==
            (Failure{ErrorCode::message_id_invalid, "messageId holds a control character"}));
    }
}

const std::vector<std::string> kOddNames{
    " ",
    "a ",
    " a",
    "~",
    "\u00a0",
    "\u00ad",
    "\u200b",
    "\u2028",
    "\u202e",
    "\ufeff",
    "\ufffe",
    "a/b?c#d%2F",
    "'; DROP TABLE session; --",
    "\\",
    "\"",
    "<b>",
    "..",
    "null",
    "0",
    "\U0001F468\u200d\U0001F469",
    "\u0065\u0301",
    "\U0010FFFF",
};

BOOST_AUTO_TEST_CASE(two_broken_client_ids_are_not_one) {
    BOOST_TEST(check_client_id("c\ufffd", kDefaults).error().code == ErrorCode::client_id_invalid);
}

BOOST_AUTO_TEST_CASE(a_name_for_people_shows_as_something) {
    const auto allowed = [](const std::string& name) {
        return check_shown_name(name, 64, ErrorCode::username_invalid, "username").has_value();
    };
    for (const char* nothing :
         {" ", "\u2800", "\u200b\u200d", "\u202e \u2069", "\u3164", "\ufeff"}) {
        BOOST_TEST(!allowed(nothing));
    }
    for (const char* name : {"ann", " a ", "\u202eann", "\U0001F468\u200d\U0001F469"}) {
        BOOST_TEST(allowed(name));
    }
}

BOOST_AUTO_TEST_CASE(a_visitor_may_be_given_a_shorter_message_than_an_agent) {
    Limits limits;
    limits.visitor_message_bytes = 10;
    const auto code = [&](Side side, std::size_t bytes) {
        const auto checked = check({"c", side, std::string(bytes, 'a'), {}}, limits);
        return checked ? "good" : std::string(to_string(checked.error().code));
    };
    BOOST_TEST(code(Side::client, 10) == "good");
    BOOST_TEST(code(Side::client, 11) == "message_too_long");
    BOOST_TEST(code(Side::admin, 11) == "good");
}

BOOST_DATA_TEST_CASE(any_other_character_is_allowed_in_a_name, kOddNames, name) {
    BOOST_TEST(check_client_id(name, kDefaults).has_value());
    BOOST_TEST(check_message_id(name, kDefaults).has_value());
}

const std::vector<std::string> kMalformed{"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\xaf", "\x80 b"};

BOOST_DATA_TEST_CASE(what_is_no_utf8_is_refused, kMalformed, text) {
    BOOST_CHECK(check_client_id(text, kDefaults).error() ==
                (Failure{ErrorCode::client_id_invalid, "clientId is not valid UTF-8"}));
    BOOST_CHECK(check_message_id(text, kDefaults).error() ==
                (Failure{ErrorCode::message_id_invalid, "messageId is not valid UTF-8"}));
    BOOST_CHECK(check_text(text, kDefaults).error() ==
                (Failure{ErrorCode::message_invalid, "message is not valid UTF-8"}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(rules_of_text)

BOOST_AUTO_TEST_CASE(a_message_is_measured_in_bytes) {
    BOOST_TEST(check_text(std::string(65536, 'a'), kDefaults).has_value());
    BOOST_TEST(check_text(repeated(16384, "\U0001F600"), kDefaults).has_value());
    const Failure too_long{ErrorCode::message_too_long, "message is longer than 65536 bytes"};
    BOOST_CHECK(check_text(std::string(65537, 'a'), kDefaults).error() == too_long);
    BOOST_CHECK(check_text(repeated(16384, "\U0001F600") + "a", kDefaults).error() == too_long);
    BOOST_TEST(check_text("abcd", small_limits()).has_value());
    BOOST_TEST(check_text("\u20ac\u20ac", small_limits()).error().message ==
               "message is longer than 4 bytes");
}

BOOST_AUTO_TEST_CASE(a_message_that_is_too_long_is_so_before_it_is_anything_else) {
    BOOST_TEST(check_text(std::string(65537, ' '), kDefaults).error().code ==
               ErrorCode::message_too_long);
    BOOST_TEST(check_text(std::string(65537, '\xff'), kDefaults).error().code ==
               ErrorCode::message_too_long);
}

const std::vector<std::string> kWhite{
    "\t",     "\n",     "\v",     "\f",     "\r",     " ",      "\u00a0", "\u1680", "\u2000",
    "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009",
    "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff",
};

BOOST_DATA_TEST_CASE(a_message_of_white_space_is_blank, kWhite, character) {
    const Failure blank{ErrorCode::message_required, "message is required and must not be blank"};
    BOOST_CHECK(check_text(character, kDefaults).error() == blank);
    BOOST_CHECK(check_text(repeated(9, character), kDefaults).error() == blank);
    BOOST_CHECK(check_text(" " + character + "\n", kDefaults).error() == blank);
    BOOST_TEST(check_text(character + "x" + character, kDefaults).has_value());
}

BOOST_AUTO_TEST_CASE(an_empty_message_is_refused) {
    BOOST_TEST(check_text("", kDefaults).error().code == ErrorCode::message_required);
}

const std::vector<std::string> kOddTexts{
    "x",          "0",      "false",  "\0"s,    "a\0b"s,  "\x01",
    "\x7f",       "\u0085", "\u200b", "\u2060", "\u180e", "line\nline\r\n\tline",
    "\U0001F600",
};

BOOST_DATA_TEST_CASE(anything_that_is_not_white_is_a_message, kOddTexts, text) {
    BOOST_TEST(check_text(text, kDefaults).has_value());
}

BOOST_AUTO_TEST_CASE(of_a_new_message_every_part_is_checked) {
    const NewMessage good{"c", Side::admin, "hello", "id"};
    BOOST_TEST(check(good, kDefaults).has_value());
    auto message = good;
    message.message_id.reset();
    BOOST_TEST(check(message, kDefaults).has_value());
    message = good;
    message.client_id = "";
    BOOST_TEST(check(message, kDefaults).error().code == ErrorCode::client_id_required);
    message = good;
    message.text = " ";
    BOOST_TEST(check(message, kDefaults).error().code == ErrorCode::message_required);
    message = good;
    message.message_id = "";
    BOOST_TEST(check(message, kDefaults).error().code == ErrorCode::message_id_invalid);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(rules_of_words)

BOOST_AUTO_TEST_CASE(the_two_sides_have_one_word_each) {
    BOOST_CHECK(parse_side("client").value() == Side::client);
    BOOST_CHECK(parse_side("admin").value() == Side::admin);
}

const std::vector<std::string> kNoSides{"",        "Client",    "ADMIN", "agent",  " client",
                                        "client ", "client\0"s, "clien", "clientx"};

BOOST_DATA_TEST_CASE(another_word_is_no_side, kNoSides, word) {
    BOOST_CHECK(parse_side(word).error() ==
                (Failure{ErrorCode::sender_invalid, "sender is \"client\" or \"admin\""}));
}

const std::vector<std::string> kDigits{"1", "9", "10", "200", "01", "0000000000000000000000001"};
const std::vector<std::uint64_t> kNumbers{1, 9, 10, 200, 1, 1};

BOOST_DATA_TEST_CASE(a_decimal_integer_is_read, kDigits ^ kNumbers, digits, number) {
    BOOST_TEST(parse_integer(digits, 1, 200, ErrorCode::limit_invalid, "limit").value() == number);
}

const std::vector<std::string> kNoIntegers{
    "",
    " ",
    "+1",
    "-1",
    "-0",
    " 1",
    "1 ",
    "1\n",
    "1e3",
    "1.0",
    "1,000",
    "0x10",
    "1_0",
    "one",
    "NaN",
    "null",
    "true",
    "1\0"s,
    "\xd9\xa1",
    "\uff11",
    "--1",
    "1-",
    "0",
    "201",
    "18446744073709551616",
    "99999999999999999999999999",
    "-18446744073709551615",
};

BOOST_DATA_TEST_CASE(anything_else_is_no_integer_of_the_range, kNoIntegers, digits) {
    BOOST_CHECK(parse_integer(digits, 1, 200, ErrorCode::limit_invalid, "limit").error() ==
                (Failure{ErrorCode::limit_invalid, "limit is a whole number from 1 to 200"}));
}

BOOST_AUTO_TEST_CASE(both_ends_of_a_range_belong_to_it) {
    const auto parse = [](std::string_view digits, std::uint64_t least, std::uint64_t most) {
        return parse_integer(digits, least, most, ErrorCode::seq_invalid, "after");
    };
    BOOST_TEST(parse("0", 0, 5).value() == 0u);
    BOOST_TEST(parse("5", 5, 5).value() == 5u);
    BOOST_TEST(!parse("4", 5, 5));
    BOOST_TEST(!parse("6", 5, 5));
    BOOST_TEST(parse("18446744073709551615", 0, kLargest).value() == kLargest);
    BOOST_TEST(!parse("18446744073709551616", 0, kLargest));
    BOOST_TEST(parse("9007199254740991", 0, kMaxSafe).value() == kMaxSafe);
    BOOST_TEST(!parse("9007199254740992", 0, kMaxSafe));
}

BOOST_AUTO_TEST_CASE(an_upper_end_that_tells_nobody_anything_is_not_shown) {
    BOOST_TEST(parse_integer("x", 1, kMaxSafe, ErrorCode::page_invalid, "page").error().message ==
               "page is a whole number from 1");
    BOOST_TEST(
        parse_integer("x", 0, kMaxSafe - 1, ErrorCode::page_invalid, "page").error().message ==
        "page is a whole number from 0 to 9007199254740990");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rules
}  // namespace livechat
