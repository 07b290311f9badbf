// Values as a server sends them in the rows of a prepared statement: the binary protocol, "Binary
// Protocol Resultset Row" in the manuals of MariaDB and MySQL. Pure functions over bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace livechat::db {

enum class Encoding : std::uint8_t {
    nothing,  // of a column that is always NULL
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
    text,  // also DECIMAL, ENUM and blobs
    time,  // DATE, DATETIME, TIMESTAMP
};

// The bytes of the value that begins at `at`, without their length; `at` is then behind it. The
// client library has seen to it that they are all there.
std::string_view take_value(const unsigned char*& at, Encoding encoding);

// A number, also one that is text (DECIMAL: the digits before the point). A negative one is its
// two's complement, and what is no number is 0.
std::uint64_t read_integer(std::string_view bytes, Encoding encoding);

// A time in UTC as RFC 3339 with milliseconds, the digits behind them cut off:
// "2025-03-10T12:00:00.000Z". Also one that is text, "2025-03-10 12:00:00.000", as expressions of
// MySQL 5.6 are.
std::string read_time(std::string_view bytes, Encoding encoding);

}  // namespace livechat::db
