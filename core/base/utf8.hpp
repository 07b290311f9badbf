// UTF-8 (RFC 3629) as far as the rules need it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace livechat {

// Takes the first code point off the front of text. nullopt, and text as it was, when it does not
// begin with a well-formed one (overlong, surrogate, beyond U+10FFFF, cut short, empty).
std::optional<char32_t> next_code_point(std::string_view& text);

// How many code points; nullopt when the text is not well-formed.
std::optional<std::size_t> count_code_points(std::string_view text);

}  // namespace livechat
