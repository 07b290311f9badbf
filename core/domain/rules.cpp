#include "domain/rules.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "base/utf8.hpp"

namespace livechat::rules {
namespace {

// What JavaScript's trim() takes away: a message of nothing else shows as nothing.
bool is_white(char32_t c) {
    return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
           c == 0x205f || c == 0x3000 || c == 0xfeff;
}

// What has no picture and is no white space: marks of direction, joiners, fillers, an empty braille
// pattern (Unicode, Default_Ignorable_Code_Point and U+2800).
bool is_invisible(char32_t c) {
    return c == 0xad || c == 0x34f || c == 0x61c || c == 0x115f || c == 0x1160 ||
           (c >= 0x17b4 && c <= 0x17b5) || (c >= 0x180b && c <= 0x180f) ||
           (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0x2800 || c == 0x3164 ||
           (c >= 0xfe00 && c <= 0xfe0f) || c == 0xffa0 || (c >= 0xe0000 && c <= 0xe0fff);
}

Result<void> check_text_up_to(std::string_view text, std::size_t most) {
    if (text.size() > most) {
        return fail(ErrorCode::message_too_long,
                    "message is longer than " + std::to_string(most) + " bytes");
    }
    bool blank = true;
    for (auto rest = text; !rest.empty();) {
        const auto code_point = next_code_point(rest);
        if (!code_point) return fail(ErrorCode::message_invalid, "message is not valid UTF-8");
        blank = blank && is_white(*code_point);
    }
    if (blank)
        return fail(ErrorCode::message_required, "message is required and must not be blank");
    return {};
}

}  // namespace

Result<void> check_name(std::string_view name,
                        std::size_t most,
                        ErrorCode code,
                        const std::string& what) {
    std::size_t count = 0;
    for (auto rest = name; !rest.empty(); ++count) {
        const auto code_point = next_code_point(rest);
        if (!code_point) return fail(code, what + " is not valid UTF-8");
        if (is_control(*code_point)) return fail(code, what + " holds a control character");
    }
    if (count == 0 || count > most) {
        return fail(code, what + " has 1 to " + std::to_string(most) + " characters");
    }
    return {};
}

std::string_view trimmed(std::string_view name) {
    // Where the first that shows begins, and where the last one ends.
    std::size_t begin = name.size();
    std::size_t end = name.size();
    for (auto rest = name; !rest.empty();) {
        const auto place = name.size() - rest.size();
        const auto code_point = next_code_point(rest);
        if (!code_point) return name;
        if (is_white(*code_point) || is_invisible(*code_point)) continue;
        begin = std::min(begin, place);
        end = name.size() - rest.size();
    }
    return begin == name.size() ? std::string_view() : name.substr(begin, end - begin);
}

Result<void> check_shown_name(std::string_view name,
                              std::size_t most,
                              ErrorCode code,
                              const std::string& what) {
    return check_name(name, most, code, what).and_then([&]() -> Result<void> {
        if (!trimmed(name).empty()) return {};
        return fail(code, what + " shows as nothing");
    });
}

Result<void> check_client_id(std::string_view client_id, const Limits& limits) {
    if (client_id.empty()) return fail(ErrorCode::client_id_required, "clientId is required");
    // Half a surrogate pair of JSON is read as that (base/json): two ids that broke on their way
    // here would be one.
    if (client_id.find(kReplacementCharacter) != std::string_view::npos) {
        return fail(ErrorCode::client_id_invalid,
                    "clientId holds U+FFFD, which stands for a character that could not be read");
    }
    return check_name(client_id, limits.client_id_chars, ErrorCode::client_id_invalid, "clientId");
}

Result<void> check_text(std::string_view text, const Limits& limits) {
    return check_text_up_to(text, limits.message_bytes);
}

Result<void> check_message_id(std::string_view message_id, const Limits& limits) {
    return check_name(message_id, limits.message_id_chars, ErrorCode::message_id_invalid,
                      "messageId");
}

Result<void> check(const NewMessage& message, const Limits& limits) {
    const bool visitors = message.sender == Side::client;
    const auto most = visitors ? std::min(limits.message_bytes, limits.visitor_message_bytes)
                               : limits.message_bytes;
    return check_client_id(message.client_id, limits)
        .and_then([&] { return check_text_up_to(message.text, most); })
        .and_then([&]() -> Result<void> {
            if (!message.message_id) return {};
            return check_message_id(*message.message_id, limits);
        });
}

Result<Side> parse_side(std::string_view word) {
    if (word == "client") return Side::client;
    if (word == "admin") return Side::admin;
    return fail(ErrorCode::sender_invalid, "sender is \"client\" or \"admin\"");
}

Result<std::uint64_t> parse_integer(std::string_view digits,
                                    std::uint64_t least,
                                    std::uint64_t most,
                                    ErrorCode code,
                                    std::string_view name) {
    std::uint64_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (error != std::errc{} || stop != end || value < least || value > most) {
        std::string what = std::string(name) + " is a whole number from " + std::to_string(least);
        // No upper bound that would tell anybody anything.
        if (most < (std::uint64_t{1} << 53) - 1) what += " to " + std::to_string(most);
        return fail(code, what);
    }
    return value;
}

}  // namespace livechat::rules
