#include "db/binary_row.hpp"

#include <charconv>
#include <cstddef>

namespace livechat::db {
namespace {

// Integers are little-endian.
std::uint64_t number_of(const unsigned char* bytes, std::size_t size) {
    std::uint64_t number = 0;
    for (std::size_t i = size; i > 0; --i) number = number << 8 | bytes[i - 1];
    return number;
}

std::uint64_t number_of(std::string_view bytes) {
    return number_of(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

// The length before a value: a byte, or one that says how many follow.
std::size_t take_length(const unsigned char*& at) {
    constexpr unsigned char kTwo = 0xfc;
    constexpr unsigned char kThree = 0xfd;
    constexpr unsigned char kEight = 0xfe;
    const unsigned char first = *at++;
    std::size_t size = 0;
    if (first == kTwo) {
        size = 2;
    } else if (first == kThree) {
        size = 3;
    } else if (first == kEight) {
        size = 8;
    } else {
        return first;
    }
    const auto length = number_of(at, size);
    at += size;
    return length;
}

template <class Signed>
std::uint64_t extended(std::string_view bytes) {
    return static_cast<std::uint64_t>(
        static_cast<std::int64_t>(static_cast<Signed>(number_of(bytes))));
}

void put_digits(char* to, std::size_t count, std::uint64_t number) {
    for (; count > 0; --count, number /= 10) to[count - 1] = static_cast<char>('0' + number % 10);
}

}  // namespace

std::string_view take_value(const unsigned char*& at, Encoding encoding) {
    std::size_t size = 0;
    switch (encoding) {
        case Encoding::nothing:
            break;
        case Encoding::int8:
        case Encoding::uint8:
            size = 1;
            break;
        case Encoding::int16:
        case Encoding::uint16:
            size = 2;
            break;
        case Encoding::int32:
        case Encoding::uint32:
            size = 4;
            break;
        case Encoding::int64:
        case Encoding::uint64:
            size = 8;
            break;
        case Encoding::text:
        case Encoding::time:
            size = take_length(at);
            break;
    }
    const std::string_view value(reinterpret_cast<const char*>(at), size);
    at += size;
    return value;
}

std::uint64_t read_integer(std::string_view bytes, Encoding encoding) {
    switch (encoding) {
        case Encoding::int8:
            return extended<std::int8_t>(bytes);
        case Encoding::int16:
            return extended<std::int16_t>(bytes);
        case Encoding::int32:
            return extended<std::int32_t>(bytes);
        case Encoding::int64:
        case Encoding::uint8:
        case Encoding::uint16:
        case Encoding::uint32:
        case Encoding::uint64:
            return number_of(bytes);
        case Encoding::text: {
            std::uint64_t number = 0;
            std::from_chars(bytes.data(), bytes.data() + bytes.size(), number);
            return number;
        }
        case Encoding::nothing:
        case Encoding::time:
            break;
    }
    return 0;
}

std::string read_time(std::string_view bytes, Encoding encoding) {
    std::string text("0000-00-00T00:00:00.000Z");
    if (encoding == Encoding::text) {
        constexpr std::size_t kSeparator = 10;
        bytes.substr(0, text.size() - 1).copy(text.data(), text.size() - 1);
        text[kSeparator] = 'T';
        return text;
    }
    // Parts at the end that are 0 are not sent: nothing, a date, a time, its microseconds.
    constexpr std::size_t kDate = 4;
    constexpr std::size_t kSeconds = 7;
    constexpr std::size_t kMicroseconds = 11;
    constexpr std::uint64_t kInMillisecond = 1000;
    const auto put = [&](std::size_t to, std::size_t digits, std::size_t from, std::size_t size) {
        put_digits(&text[to], digits, number_of(bytes.substr(from, size)));
    };
    if (bytes.size() >= kDate) {
        put(0, 4, 0, 2);
        put(5, 2, 2, 1);
        put(8, 2, 3, 1);
    }
    if (bytes.size() >= kSeconds) {
        put(11, 2, 4, 1);
        put(14, 2, 5, 1);
        put(17, 2, 6, 1);
    }
    if (bytes.size() >= kMicroseconds) {
        put_digits(&text[20], 3, number_of(bytes.substr(7, 4)) / kInMillisecond);
    }
    return text;
}

}  // namespace livechat::db
