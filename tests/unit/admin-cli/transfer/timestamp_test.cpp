#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "transfer/timestamp.hpp"

namespace livechat::admin {
namespace {

const std::vector<std::string> kTimes{
    "2025-03-10T12:00:00Z",      "2025-03-10T12:00:00.5Z",    "2025-03-10T12:00:00.123456Z",
    "2025-03-10T12:00:00+01:00", "2025-03-10T00:30:00+01:00", "2025-03-10t12:00:00z",
    "2025-03-10 12:00:00",       "2024-02-29T23:59:60Z",      "2025-12-31T23:30:00-0100",
    "1970-01-01T00:00:00Z",
};
const std::vector<std::string> kStored{
    "2025-03-10 12:00:00.000", "2025-03-10 12:00:00.500", "2025-03-10 12:00:00.123",
    "2025-03-10 11:00:00.000", "2025-03-09 23:30:00.000", "2025-03-10 12:00:00.000",
    "2025-03-10 12:00:00.000", "2024-03-01 00:00:00.000", "2026-01-01 00:30:00.000",
    "1970-01-01 00:00:00.000",
};
const std::vector<std::string> kNoTimes{
    "",
    "2025-03-10",
    "2025-3-10T12:00:00Z",
    "2025-02-29T12:00:00Z",
    "2025-13-01T12:00:00Z",
    "2025-03-10T24:00:00Z",
    "2025-03-10T12:60:00Z",
    "2025-03-10T12:00Z",
    "2025-03-10T12:00:00.Z",
    "2025-03-10T12:00:00Z ",
    "2025-03-10T12:00:00+1:00",
    "2025-03-10T12:00:00+25:00",
    "1969-12-31T23:59:59Z",
    "1970-01-01T00:00:00+01:00",
    "0000-01-01T00:00:00Z",
    "tomorrow",
};

BOOST_AUTO_TEST_SUITE(timestamp)

BOOST_DATA_TEST_CASE(a_time_is_kept_in_utc, kTimes ^ kStored, text, stored) {
    BOOST_TEST(parse_time(text).value() == stored);
}

BOOST_DATA_TEST_CASE(what_is_no_time_is_refused, kNoTimes, text) { BOOST_TEST(!parse_time(text)); }

BOOST_AUTO_TEST_CASE(seconds_and_milliseconds_are_told_apart) {
    BOOST_TEST(time_of_epoch(1741608000).value() == "2025-03-10 12:00:00.000");
    BOOST_TEST(time_of_epoch(1741608000.25).value() == "2025-03-10 12:00:00.250");
    BOOST_TEST(time_of_epoch(1741608000123.0).value() == "2025-03-10 12:00:00.123");
    BOOST_TEST(time_of_epoch(0).value() == "1970-01-01 00:00:00.000");
    BOOST_TEST(!time_of_epoch(-1));
    BOOST_TEST(!time_of_epoch(1e300));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::admin
