#include "transfer/timestamp.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace livechat::admin {
namespace {

using Milliseconds = std::chrono::sys_time<std::chrono::milliseconds>;

// Takes exactly `digits` of them off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    int value = 0;
    if (text.size() < digits) return std::nullopt;
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
    const auto year = take_number(text, 4);
    if (!year || !take(text, "-")) return std::nullopt;
    const auto month = take_number(text, 2);
    if (!month || !take(text, "-")) return std::nullopt;
    const auto day = take_number(text, 2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date);
}

std::optional<std::chrono::milliseconds> take_clock(std::string_view& text) {
    const auto hours = take_number(text, 2);
    if (!hours || !take(text, ":")) return std::nullopt;
    const auto minutes = take_number(text, 2);
    if (!minutes || !take(text, ":")) return std::nullopt;
    const auto seconds = take_number(text, 2);
    // 60: a leap second, which is shown as the next one.
    if (!seconds || *hours > 23 || *minutes > 59 || *seconds > 60) return std::nullopt;
    int thousandths = 0;
    if (take(text, ".")) {
        std::size_t digits = 0;
        for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; ++digits) {
            if (digits < 3) thousandths = thousandths * 10 + (text[0] - '0');
            text.remove_prefix(1);
        }
        if (digits == 0) return std::nullopt;
        for (; digits < 3; ++digits) thousandths *= 10;
    }
    return std::chrono::hours(*hours) + std::chrono::minutes(*minutes) +
           std::chrono::seconds(*seconds) + std::chrono::milliseconds(thousandths);
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
    if (text.empty() || take(text, "Zz")) return std::chrono::minutes(0);
    const bool west = text.front() == '-';
    if (!take(text, "+-")) return std::nullopt;
    const auto hours = take_number(text, 2);
    if (!hours) return std::nullopt;
    take(text, ":");
    const auto minutes = take_number(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    const auto offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
    return west ? -offset : offset;
}

std::optional<std::string> written(Milliseconds time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const auto year = static_cast<int>(date.year());
    if (year < 1970 || year > 9999) return std::nullopt;
    const std::chrono::hh_mm_ss clock(time - day);
    std::array<char, 64> text{};
    std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02u %02d:%02d:%02d.%03d", year,
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return text.data();
}

}  // namespace

std::optional<std::string> parse_time(std::string_view text) {
    const auto date = take_date(text);
    if (!date || !take(text, "Tt ")) return std::nullopt;
    const auto clock = take_clock(text);
    if (!clock) return std::nullopt;
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return std::nullopt;
    return written(*date + *clock - *offset);
}

std::optional<std::string> time_of_epoch(double number) {
    constexpr double kMilliseconds = 1e11;
    constexpr double kLast = 253402300799999;  // of the year 9999
    if (!std::isfinite(number) || number < 0) return std::nullopt;
    const double milliseconds = number >= kMilliseconds ? number : number * 1000;
    if (milliseconds > kLast) return std::nullopt;
    return written(
        Milliseconds(std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds))));
}

}  // namespace livechat::admin
