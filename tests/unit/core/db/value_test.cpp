// Values for placeholders, and lists of them.
#include "db/value.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

namespace livechat::db {
namespace {

BOOST_AUTO_TEST_SUITE(value)

BOOST_AUTO_TEST_CASE(placeholders_come_in_groups_of_columns) {
    BOOST_TEST(placeholders(1, 1) == "(?)");
    BOOST_TEST(placeholders(1, 3) == "(?,?,?)");
    BOOST_TEST(placeholders(2, 2) == "(?,?),(?,?)");
    BOOST_TEST(placeholders(3, 1) == "(?),(?),(?)");
    BOOST_TEST(placeholders(0, 3).empty());
}

BOOST_AUTO_TEST_CASE(the_length_of_an_in_list_is_a_power_of_two) {
    BOOST_TEST(in_list({}).empty());
    for (const auto& [length, padded] : {std::pair{1, 1}, {2, 2}, {3, 4}, {5, 8}, {128, 128}}) {
        std::vector<Value> values;
        for (int i = 1; i <= length; ++i) values.emplace_back(static_cast<std::uint64_t>(i));
        const auto list = in_list(values);
        BOOST_TEST(list.size() == static_cast<std::size_t>(padded));
        BOOST_TEST(std::equal(values.begin(), values.end(), list.begin()));
        BOOST_TEST((list.back() == values.back()));
    }
}

BOOST_AUTO_TEST_CASE(a_text_that_is_not_there_is_null_and_an_empty_one_is_not) {
    BOOST_TEST(std::holds_alternative<std::monostate>(value_or_null(std::nullopt)));
    const std::optional<std::string> empty("");
    BOOST_TEST(std::get<std::string_view>(value_or_null(empty)).empty());
    const std::optional<std::string> text("text");
    BOOST_TEST(std::get<std::string_view>(value_or_null(text)) == "text");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::db
