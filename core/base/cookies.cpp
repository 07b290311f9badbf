#include "base/cookies.hpp"

#include <optional>

namespace livechat {
namespace {

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::optional<std::string_view> find_cookie(std::string_view header, std::string_view name) {
    while (!header.empty()) {
        const auto end = header.find(';');
        const auto pair = header.substr(0, end);
        header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || trim(pair.substr(0, equals)) != name) continue;
        auto value = trim(pair.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
            value = value.substr(1, value.size() - 2);
        }
        return value;
    }
    return std::nullopt;
}

}  // namespace

std::string_view cookie_token(std::string_view header, const TokenCookie& cookie) {
    const auto value = find_cookie(header, cookie.host_name);
    return value ? *value : cookie_value(header, cookie.plain_name);
}

bool is_plain(std::string_view header, const TokenCookie& cookie) {
    return !find_cookie(header, cookie.host_name) && find_cookie(header, cookie.plain_name);
}

std::string_view cookie_value(std::string_view header, std::string_view name) {
    return find_cookie(header, name).value_or(std::string_view());
}

}  // namespace livechat
