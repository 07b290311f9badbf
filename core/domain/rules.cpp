#include "domain/rules.hpp"

#include <charconv>
#include <string>

#include "base/utf8.hpp"

namespace livechat::rules {
namespace {

// Unicode's general category Cc.
// What JavaScript's trim() takes away: a message of nothing else shows as nothing.
bool is_white(char32_t c) {
    return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
           c == 0x205f || c == 0x3000 || c == 0xfeff;
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

Result<void> check_client_id(std::string_view client_id, const Limits& limits) {
    if (client_id.empty()) return fail(ErrorCode::client_id_required, "clientId is required");
    return check_name(client_id, limits.client_id_chars, ErrorCode::client_id_invalid, "clientId");
}

Result<void> check_text(std::string_view text, const Limits& limits) {
    if (text.size() > limits.message_bytes) {
        return fail(ErrorCode::message_too_long,
                    "message is longer than " + std::to_string(limits.message_bytes) + " bytes");
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

Result<void> check_message_id(std::string_view message_id, const Limits& limits) {
    return check_name(message_id, limits.message_id_chars, ErrorCode::message_id_invalid,
                      "messageId");
}

Result<void> check(const NewMessage& message, const Limits& limits) {
    return check_client_id(message.client_id, limits)
        .and_then([&] { return check_text(message.text, limits); })
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
