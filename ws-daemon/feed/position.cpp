#include "feed/position.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace livechat::feed {
namespace {

constexpr int kBase = 36;
constexpr std::string_view kNowhere = "-";

void append_number(std::string& out, Id number) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), number, kBase).ptr;
    out.append(digits.begin(), end);
}

// The number up to the next '.', which is taken off; nullopt if it is not one.
std::optional<Id> take_number(std::string_view& text) {
    constexpr std::size_t kMaxDigits = 13;
    const auto end = std::min(text.find('.'), text.size());
    if (end == 0 || end > kMaxDigits) return std::nullopt;
    Id number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + end, number, kBase);
    if (error != std::errc{} || stop != text.data() + end) return std::nullopt;
    text.remove_prefix(end);
    return number;
}

}  // namespace

std::string encode(const Position& position) {
    if (position.holes.size() > Position::kMaxHoles) return std::string(kNowhere);
    std::string text;
    append_number(text, position.newest);
    Id from = position.newest;
    for (auto hole = position.holes.rbegin(); hole != position.holes.rend(); ++hole) {
        text += '.';
        append_number(text, from - *hole);
        from = *hole;
    }
    return text;
}

const Position& CatchUp::take(Id id) {
    std::erase(open_, id);
    if (id <= standing_.newest) {
        std::erase(standing_.holes, id);
        return standing_;
    }
    // Every other id in between was there to be seen when the missed ones were read.
    standing_.newest = id;
    standing_.holes.clear();
    std::ranges::copy_if(open_, std::back_inserter(standing_.holes),
                         [&](Id hole) { return hole < id; });
    return standing_;
}

std::optional<Position> decode_position(std::string_view text) {
    auto rest = text;
    const auto newest = take_number(rest);
    if (!newest) return std::nullopt;
    Position position{*newest, {}};
    Id from = *newest;
    while (!rest.empty()) {
        rest.remove_prefix(1);  // the '.'
        const auto distance = take_number(rest);
        if (!distance || *distance == 0 || *distance >= from) return std::nullopt;
        if (position.holes.size() == Position::kMaxHoles) return std::nullopt;
        from -= *distance;
        position.holes.push_back(from);
    }
    std::ranges::reverse(position.holes);
    // Capitals and leading zeros are digits too, but not ours.
    if (encode(position) != text) return std::nullopt;
    return position;
}

}  // namespace livechat::feed
