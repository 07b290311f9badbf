#include "base/json.hpp"

#include <charconv>
#include <cstdint>
#include <vector>

namespace livechat {
namespace {

constexpr std::size_t kEscapeLength = 6;  // \uXXXX
// Values in one text, all told: each costs some ten times the bytes that it has in the text.
constexpr std::size_t kMaxValues = 20'000;

// The code unit of a \uXXXX escape at `position`; nullopt if there is none.
std::optional<std::uint16_t> escape_at(std::string_view text, std::size_t position) {
    if (position + kEscapeLength > text.size()) return std::nullopt;
    if (text[position] != '\\' || text[position + 1] != 'u') return std::nullopt;
    std::uint16_t unit = 0;
    const char* digits = text.data() + position + 2;
    const auto [end, error] = std::from_chars(digits, digits + 4, unit, 16);
    if (error != std::errc{} || end != digits + 4) return std::nullopt;
    return unit;
}

bool is_high_surrogate(std::uint16_t unit) { return unit >= 0xd800 && unit <= 0xdbff; }
bool is_low_surrogate(std::uint16_t unit) { return unit >= 0xdc00 && unit <= 0xdfff; }

// Goes through the text once: where it nests too deep, holds an object of too many members or a NUL
// between its tokens it is refused (nullopt), and an escape of half a surrogate pair is replaced,
// in a copy that is only made when there is one.
std::optional<std::string_view> scan(std::string_view text,
                                     std::size_t max_depth,
                                     std::string& copy) {
    std::vector<std::size_t> members;  // of each array and object that is open
    std::size_t values = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (!in_string) {
            if ((c == ',' || c == '[' || c == '{') && ++values > kMaxValues) return std::nullopt;
            if (c == '"') in_string = true;
            if (c == '\0') return std::nullopt;  // nlohmann::json takes it for the end of the text
            if (c == '[' || c == '{') {
                if (members.size() == max_depth) return std::nullopt;
                members.push_back(0);
            }
            if (c == ':' && !members.empty() && ++members.back() > kMaxMembers) return std::nullopt;
            if ((c == ']' || c == '}') && !members.empty()) members.pop_back();
        } else if (c == '"') {
            in_string = false;
        } else if (c == '\\') {
            const auto unit = escape_at(text, i);
            if (!unit) {
                ++i;  // the escaped character
                continue;
            }
            const auto next = escape_at(text, i + kEscapeLength);
            const bool pair = is_high_surrogate(*unit) && next && is_low_surrogate(*next);
            if (!pair && (is_high_surrogate(*unit) || is_low_surrogate(*unit))) {
                if (copy.empty()) copy = text;
                copy.replace(i, kEscapeLength, "\\ufffd");
            }
            i += (pair ? 2 : 1) * kEscapeLength - 1;
        }
    }
    return copy.empty() ? text : std::string_view(copy);
}

}  // namespace

std::optional<Json> parse_json(std::string_view text, std::size_t max_depth) {
    std::string copy;
    const auto repaired = scan(text, max_depth, copy);
    if (!repaired) return std::nullopt;
    auto value = Json::parse(*repaired, nullptr, /*allow_exceptions=*/false);
    if (value.is_discarded()) return std::nullopt;
    return value;
}

std::size_t json_string_size(std::string_view text) {
    std::size_t size = 2 + text.size();
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte == '"' || byte == '\\' || byte == '\n' || byte == '\r' || byte == '\t') {
            ++size;
        } else if (byte < 0x20) {
            size += kEscapeLength - 1;
        }
    }
    return size;
}

void append_json_string(std::string& out, std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += '"';
    std::size_t plain = 0;  // where the part begins that needs no escape and is copied at once
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
        out += text.substr(plain, i - plain);
        plain = i + 1;
        out += '\\';
        switch (byte) {
            case '"':
                out += '"';
                break;
            case '\\':
                out += '\\';
                break;
            case '\n':
                out += 'n';
                break;
            case '\r':
                out += 'r';
                break;
            case '\t':
                out += 't';
                break;
            default:
                out += "u00";
                out += kHex[byte >> 4];
                out += kHex[byte & 0xf];
        }
    }
    out += text.substr(plain);
    out += '"';
}

}  // namespace livechat
