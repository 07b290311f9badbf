#include "base/log.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace livechat::log {
namespace {

BOOST_AUTO_TEST_SUITE(log_line)

// A line with one value, as it looks behind "value=".
std::string shown(const std::string& value) {
    const std::string before = "program=p event=e value=";
    const auto line = format("p", "e", {{"value", value}});
    BOOST_TEST_REQUIRE(line.starts_with(before));
    return line.substr(before.size());
}

BOOST_AUTO_TEST_CASE(a_line_is_the_program_the_event_and_the_fields_in_their_order) {
    BOOST_TEST(format("livechat-wsd", "ready", {{"listen", "unix:/run/a.sock"}, {"workers", 4}}) ==
               "program=livechat-wsd event=ready listen=unix:/run/a.sock workers=4");
    BOOST_TEST(format("p", "e", {}) == "program=p event=e");
}

BOOST_AUTO_TEST_CASE(numbers_are_shown_whole) {
    BOOST_TEST(format("p", "e", {{"n", std::numeric_limits<std::uint64_t>::max()}}) ==
               "program=p event=e n=18446744073709551615");
    BOOST_TEST(format("p", "e", {{"n", std::numeric_limits<std::int64_t>::min()}}) ==
               "program=p event=e n=-9223372036854775808");
}

const std::vector<std::string> kPlain{"a",        "user123", "unix:/run/x.sock",
                                      "[::1]:80", "{}",      "a,b'c"};

BOOST_DATA_TEST_CASE(a_plain_word_stands_without_quotes, kPlain, value) {
    BOOST_TEST(shown(value) == value);
}

const std::vector<std::string> kRaw{
    "",       " ",    "a b",         "a=b",     "say \"hi\"", "back\\slash",
    "a\nb",   "a\rb", "a\tb",        "\x1b[2J", "a\x7f",      std::string("a\0b", 3),
    "\u20ac", "\\n",  "\xff broken",
};
const std::vector<std::string> kShown{
    R"("")",           R"(" ")",           R"("a b")",        R"("a=b")",
    R"("say \"hi\"")", R"("back\\slash")", R"("a\x0ab")",     R"("a\x0db")",
    R"("a\x09b")",     R"("\x1b[2J")",     R"("a\x7f")",      R"("a\x00b")",
    "\"\u20ac\"",      R"("\\n")",         "\"\xff broken\"",
};

BOOST_DATA_TEST_CASE(any_other_value_is_quoted_and_its_control_characters_escaped,
                     kRaw ^ kShown,
                     raw,
                     expected) {
    BOOST_TEST(shown(raw) == expected);
}

BOOST_AUTO_TEST_CASE(a_value_cannot_forge_a_line_or_a_field) {
    const std::string forged = "x\" event=login user=admin\n<3>program=livechat event=breach";
    const auto line = format("p", "e", {{"client", forged}, {"last", 1}});
    BOOST_TEST(line.find('\n') == std::string::npos);
    BOOST_TEST(line == R"(program=p event=e client="x\" event=login user=admin\x0a)"
                       R"(<3>program=livechat event=breach" last=1)");
}

const std::vector<std::string> kWords{"debug", "info", "warning", "error"};
const std::vector<int> kLevels{0, 1, 2, 3};

BOOST_DATA_TEST_CASE(each_level_has_one_word, kWords ^ kLevels, word, level) {
    BOOST_TEST(static_cast<int>(parse_level(word)) == level);
}

const std::vector<std::string> kNoLevels{"", "Info", "INFO", "warn", "trace", " info", "info "};

BOOST_DATA_TEST_CASE(another_word_is_no_level, kNoLevels, word) {
    BOOST_CHECK_THROW(parse_level(word), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(lines_below_the_level_are_not_written) {
    start("p", Level::warning);
    BOOST_TEST(!enabled(Level::debug));
    BOOST_TEST(!enabled(Level::info));
    BOOST_TEST(enabled(Level::warning));
    BOOST_TEST(enabled(Level::error));
    start("p", Level::debug);
    BOOST_TEST(enabled(Level::debug));
}

BOOST_AUTO_TEST_CASE(the_level_changes_while_it_runs) {
    start("p", Level::info);
    set_level(Level::debug);
    BOOST_TEST(enabled(Level::debug));
    set_level(Level::error);
    BOOST_TEST(!enabled(Level::warning));
}

std::string json(Fields fields) {
    return format_json(std::chrono::system_clock::time_point(std::chrono::milliseconds(1)),
                       Level::warning, "p", "e", fields);
}

BOOST_AUTO_TEST_CASE(a_json_line_has_its_time_and_level_and_numbers_as_numbers) {
    BOOST_TEST(json({{"n", 7}, {"text", "7"}}) ==
               R"({"time":"1970-01-01T00:00:00.001Z","level":"warning","program":"p",)"
               R"("event":"e","n":7,"text":"7"})");
}

BOOST_AUTO_TEST_CASE(a_json_line_is_json_whatever_a_value_holds) {
    for (const std::string& raw : kRaw) {
        const auto line = parse_json(json({{"value", raw}}));
        BOOST_TEST_REQUIRE(line.has_value());
        if (raw != "\xff broken") BOOST_TEST(line->at("value").get<std::string>() == raw);
    }
    BOOST_TEST(json({{"value", "\xff broken"}}).find("\xef\xbf\xbd broken") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(each_format_has_one_word) {
    BOOST_TEST((parse_format("text") == Format::text));
    BOOST_TEST((parse_format("json") == Format::json));
    BOOST_CHECK_THROW(parse_format("JSON"), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::log
