#include "base/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace livechat {
namespace {

struct Lead {
    std::size_t length;  // of the whole sequence; 0: no sequence begins so
    char32_t bits;       // what the first byte contributes
    char32_t least;      // a smaller result was written longer than needed
};

Lead read_lead(unsigned char byte) {
    if (byte < 0x80) return {1, byte, 0};
    if (byte >= 0xc2 && byte <= 0xdf) return {2, byte & 0x1fu, 0x80};
    if (byte >= 0xe0 && byte <= 0xef) return {3, byte & 0x0fu, 0x800};
    if (byte >= 0xf0 && byte <= 0xf4) return {4, byte & 0x07u, 0x10000};
    return {0, 0, 0};
}

}  // namespace

std::optional<char32_t> next_code_point(std::string_view& text) {
    if (text.empty()) return std::nullopt;
    const Lead lead = read_lead(static_cast<unsigned char>(text.front()));
    if (lead.length == 0 || text.size() < lead.length) return std::nullopt;

    char32_t code_point = lead.bits;
    for (std::size_t i = 1; i < lead.length; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xc0u) != 0x80u) return std::nullopt;
        code_point = (code_point << 6) | (byte & 0x3fu);
    }
    const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
    if (code_point < lead.least || code_point > 0x10ffff || surrogate) return std::nullopt;
    text.remove_prefix(lead.length);
    return code_point;
}

std::optional<std::size_t> count_code_points(std::string_view text) {
    std::size_t count = 0;
    while (!text.empty()) {
        if (!next_code_point(text)) return std::nullopt;
        ++count;
    }
    return count;
}

std::string well_formed(std::string_view text) {
    // Eight bytes of ASCII at a time: nearly every text passes here unchanged.
    constexpr std::uint64_t kHighBits = 0x8080808080808080;
    std::string_view rest = text;
    while (!rest.empty()) {
        std::uint64_t eight = 0;
        if (rest.size() >= sizeof eight) {
            std::memcpy(&eight, rest.data(), sizeof eight);
            if ((eight & kHighBits) == 0) {
                rest.remove_prefix(sizeof eight);
                continue;
            }
        }
        if (!next_code_point(rest)) {
            return rewritten(text, [](char32_t, std::string_view bytes) { return bytes; });
        }
    }
    return std::string(text);
}

}  // namespace livechat
