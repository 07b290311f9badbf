// Values of the binary protocol.
#include "db/binary_row.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace livechat::db {
namespace {

using namespace std::string_literals;

// What take_value() finds at the beginning of `row`, and how many bytes it has gone on.
struct Taken {
    std::string_view value;
    std::ptrdiff_t gone = 0;
};

Taken take(const std::string& row, Encoding encoding) {
    const auto* const begin = reinterpret_cast<const unsigned char*>(row.data());
    const auto* at = begin;
    const auto value = take_value(at, encoding);
    return {value, at - begin};
}

BOOST_AUTO_TEST_SUITE(binary_row)

BOOST_AUTO_TEST_CASE(an_integer_has_the_size_of_its_type) {
    const std::string row = "12345678rest";
    BOOST_TEST(take(row, Encoding::nothing).value.empty());
    BOOST_TEST(take(row, Encoding::int8).value == "1");
    BOOST_TEST(take(row, Encoding::uint16).value == "12");
    BOOST_TEST(take(row, Encoding::int32).value == "1234");
    BOOST_TEST(take(row, Encoding::uint64).value == "12345678");
    BOOST_TEST(take(row, Encoding::uint64).gone == 8);
}

BOOST_AUTO_TEST_CASE(a_text_has_its_length_before_it) {
    BOOST_TEST(take("\x00next"s, Encoding::text).value.empty());
    BOOST_TEST(take("\x03onenext"s, Encoding::text).value == "one");
    BOOST_TEST(take("\x03onenext"s, Encoding::text).gone == 4);
    const std::string longest_with_one(250, 'x');
    BOOST_TEST(take("\xfa" + longest_with_one, Encoding::text).value == longest_with_one);
}

BOOST_AUTO_TEST_CASE(a_long_text_has_a_long_length) {
    const std::string two(0xfb, 'x');
    BOOST_TEST(take("\xfc\xfb\x00"s + two, Encoding::text).value == two);
    const std::string three(0x010203, 'x');
    BOOST_TEST(take("\xfd\x03\x02\x01"s + three, Encoding::text).value == three);
    BOOST_TEST(take("\xfe\x03\x02\x01\x00\x00\x00\x00\x00"s + three, Encoding::text).gone ==
               9 + 0x010203);
}

BOOST_AUTO_TEST_CASE(integers_are_little_endian) {
    BOOST_TEST(read_integer("\x01"s, Encoding::uint8) == 1U);
    BOOST_TEST(read_integer("\x01\x02"s, Encoding::uint16) == 0x0201U);
    BOOST_TEST(read_integer("\x01\x02\x03\x04"s, Encoding::uint32) == 0x04030201U);
    BOOST_TEST(read_integer("\x01\x02\x03\x04\x05\x06\x07\x08"s, Encoding::int64) ==
               0x0807060504030201U);
}

BOOST_AUTO_TEST_CASE(a_signed_integer_keeps_its_sign_and_an_unsigned_one_has_none) {
    const auto minus_one = static_cast<std::uint64_t>(-1);
    BOOST_TEST(read_integer("\xff"s, Encoding::int8) == minus_one);
    BOOST_TEST(read_integer("\xff\xff"s, Encoding::int16) == minus_one);
    BOOST_TEST(read_integer("\xff\xff\xff\xff"s, Encoding::int32) == minus_one);
    BOOST_TEST(read_integer("\xff"s, Encoding::uint8) == 0xffU);
    BOOST_TEST(read_integer("\xff\xff\xff\xff"s, Encoding::uint32) == 0xffffffffU);
}

BOOST_AUTO_TEST_CASE(digits_are_a_number_too) {
    BOOST_TEST(read_integer("18446744073709551615", Encoding::text) == UINT64_MAX);
    BOOST_TEST(read_integer("12.50", Encoding::text) == 12U);
    BOOST_TEST(read_integer("", Encoding::text) == 0U);
    BOOST_TEST(read_integer("word", Encoding::text) == 0U);
    BOOST_TEST(read_integer("", Encoding::nothing) == 0U);
}

BOOST_AUTO_TEST_CASE(a_time_comes_without_the_zeros_at_its_end) {
    // 2025 is 0x07e9; 0x0001e078 microseconds are 123 milliseconds.
    const std::string date = "\xe9\x07\x03\x0a"s;
    const std::string seconds = date + "\x0c\x22\x38"s;
    BOOST_TEST(read_time(""s, Encoding::time) == "0000-00-00T00:00:00.000Z");
    BOOST_TEST(read_time(date, Encoding::time) == "2025-03-10T00:00:00.000Z");
    BOOST_TEST(read_time(seconds, Encoding::time) == "2025-03-10T12:34:56.000Z");
    BOOST_TEST(read_time(seconds + "\x78\xe0\x01\x00"s, Encoding::time) ==
               "2025-03-10T12:34:56.123Z");
    BOOST_TEST(read_time(seconds + "\x3f\x42\x0f\x00"s, Encoding::time) ==
               "2025-03-10T12:34:56.999Z");
}

BOOST_AUTO_TEST_CASE(a_time_may_come_as_text) {
    BOOST_TEST(read_time("2025-03-10 12:34:56", Encoding::text) == "2025-03-10T12:34:56.000Z");
    BOOST_TEST(read_time("2025-03-10 12:34:56.5", Encoding::text) == "2025-03-10T12:34:56.500Z");
    BOOST_TEST(read_time("2025-03-10 12:34:56.123456", Encoding::text) ==
               "2025-03-10T12:34:56.123Z");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::db
