#include "terminal/text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/utf8.hpp"

namespace livechat::admin {
namespace {

constexpr std::string_view kEllipsis = "…";
constexpr std::size_t kGap = 2;

// It would break the line (U+2028 and U+2029 do, too), or change the direction of what follows on
// it.
bool breaks_the_line(char32_t code) {
    return is_control(code) || code == 0x2028 || code == 0x2029 || is_direction_control(code);
}

std::size_t width(std::string_view text) { return count_code_points(text).value_or(text.size()); }

}  // namespace

std::string printable(std::string_view text) {
    return rewritten(text, [](char32_t code, std::string_view bytes) {
        return breaks_the_line(code) ? kReplacementCharacter : bytes;
    });
}

std::string printable_line(std::string_view text, std::size_t columns) {
    std::string folded(text);
    std::ranges::replace(folded, '\n', ' ');
    std::ranges::replace(folded, '\t', ' ');
    std::erase(folded, '\r');
    std::string line = printable(folded);
    if (width(line) <= columns) return line;
    std::string_view rest = line;
    for (std::size_t i = 1; i < columns; ++i) next_code_point(rest);
    line.resize(line.size() - rest.size());
    return line.append(kEllipsis);
}

std::string table(const std::vector<std::string>& headings,
                  const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& heading : headings) widths.push_back(width(heading));
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
    }
    std::string out;
    const auto add = [&](const std::vector<std::string>& row) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            out += row[i];
            if (i + 1 < row.size()) out.append(widths[i] - width(row[i]) + kGap, ' ');
        }
        while (out.ends_with(' ')) out.pop_back();
        out += '\n';
    };
    add(headings);
    for (const auto& row : rows) add(row);
    return out;
}

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
    return digits;
}

std::string in_bytes(std::uint64_t bytes) {
    constexpr std::array kUnits{"B", "kB", "MB", "GB", "TB"};
    auto number = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; number >= 1000 && unit + 1 < kUnits.size(); ++unit) number /= 1000;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", number,
                  kUnits[unit]);
    return text.data();
}

}  // namespace livechat::admin
