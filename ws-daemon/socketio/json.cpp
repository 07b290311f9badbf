#include "socketio/json.hpp"

#include <algorithm>
#include <array>

namespace livechat::sio {
namespace {

constexpr std::size_t kEscape = 6;  // \uXXXX

// What the parser must not be given: a NUL between tokens, which it takes for the end of the text,
// nesting that would exhaust the stack of a reader of the value, objects of so many members that
// putting them in order takes long, and more values than anybody has to say.
bool is_hostile(std::string_view text, std::size_t max_depth) {
    std::array<std::size_t, kMaxDepth + 1> members;  // of what is open, by depth
    std::size_t depth = 0;
    std::size_t values = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') ++i;
            if (c == '"') in_string = false;
        } else if (c == '\0') {
            return true;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > max_depth || ++values > kMaxValues) return true;
            members[depth] = 0;
        } else if (c == ',') {
            if (++values > kMaxValues) return true;
        } else if (c == ':' && depth > 0) {
            if (++members[depth] > kMaxMembers) return true;
        } else if ((c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }
    return false;
}

// The code unit of the escape at `at`, or -1 if there is none.
int code_unit(std::string_view text, std::size_t at) {
    if (at + kEscape > text.size() || text[at] != '\\' || text[at + 1] != 'u') return -1;
    int unit = 0;
    for (std::size_t i = at + 2; i < at + kEscape; ++i) {
        const char c = text[i];
        int digit = 0;
        if (c >= '0' && c <= '9') {
            digit = c - '0';
        } else if (c >= 'a' && c <= 'f') {
            digit = c - 'a' + 10;
        } else if (c >= 'A' && c <= 'F') {
            digit = c - 'A' + 10;
        } else {
            return -1;
        }
        unit = unit * 16 + digit;
    }
    return unit;
}

bool is_high(int unit) { return unit >= 0xd800 && unit <= 0xdbff; }
bool is_low(int unit) { return unit >= 0xdc00 && unit <= 0xdfff; }

std::string without_lone_surrogates(std::string_view text) {
    std::string repaired(text);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') continue;
        const int unit = code_unit(text, i);
        if (unit < 0) {
            ++i;  // an escaped character, maybe a backslash: not the start of another escape
            continue;
        }
        const bool pair = is_high(unit) && is_low(code_unit(text, i + kEscape));
        if (!pair && (is_high(unit) || is_low(unit))) repaired.replace(i, kEscape, "\\ufffd");
        i += (pair ? 2 : 1) * kEscape - 1;
    }
    return repaired;
}

bool may_hold_surrogates(std::string_view text) {
    return text.find("\\ud") != std::string_view::npos ||
           text.find("\\uD") != std::string_view::npos;
}

}  // namespace

std::optional<Json> parse_json(std::string_view text, std::size_t max_depth) {
    if (is_hostile(text, std::min(max_depth, kMaxDepth))) return std::nullopt;
    Json value = may_hold_surrogates(text)
                     ? Json::parse(without_lone_surrogates(text), nullptr, false)
                     : Json::parse(text, nullptr, false);
    if (value.is_discarded()) return std::nullopt;
    return value;
}

std::string dump_json(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_utf8(std::string_view text) {
    // Plain ASCII is the usual case.
    if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
        return true;
    }
    std::size_t i = 0;
    while (i < text.size()) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80                    ? 1
                                   : lead >= 0xc2 && lead <= 0xdf ? 2
                                   : lead >= 0xe0 && lead <= 0xef ? 3
                                   : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                                  : 0;
        if (length == 0 || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k) {
            if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
        }
        const auto second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0;
        const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
        const bool surrogate = lead == 0xed && second >= 0xa0;
        const bool beyond = lead == 0xf4 && second >= 0x90;
        if (overlong || surrogate || beyond) return false;
        i += length;
    }
    return true;
}

}  // namespace livechat::sio
