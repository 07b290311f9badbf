// UTF-8 (RFC 3629) as far as the rules need it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace livechat {

// Takes the first code point off the front of text. nullopt, and text as it was, when it does not
// begin with a well-formed one (overlong, surrogate, beyond U+10FFFF, cut short, empty).
std::optional<char32_t> next_code_point(std::string_view& text);

// How many code points; nullopt when the text is not well-formed.
std::optional<std::size_t> count_code_points(std::string_view text);

// The text with U+FFFD for each byte that does not belong to a well-formed code point.
std::string well_formed(std::string_view text);

// C0, DEL and C1: what no name may hold.
constexpr bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7f && code <= 0x9f); }

// Embeddings, overrides and isolates, which change the direction of what stands around them
// (Unicode Standard Annex 9).
constexpr bool is_direction_control(char32_t code) {
    return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

// U+FFFD, which stands where a character cannot be shown.
inline constexpr std::string_view kReplacementCharacter = "\xef\xbf\xbd";

// The text with each code point in the form that `form(code_point, its bytes)` gives it, a
// string_view, and U+FFFD for each byte that begins none.
template <class Form>
std::string rewritten(std::string_view text, Form form) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto before = text;
        if (const auto code_point = next_code_point(text)) {
            out += form(*code_point, before.substr(0, before.size() - text.size()));
        } else {
            out += kReplacementCharacter;
            text.remove_prefix(1);
        }
    }
    return out;
}

}  // namespace livechat
