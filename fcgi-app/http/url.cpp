#include "http/url.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace livechat::http {
namespace {

int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

enum class Plus { literal, space };

std::optional<std::string> decode(std::string_view raw, Plus plus) {
    std::string text;
    text.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '+' && plus == Plus::space) {
            text += ' ';
        } else if (raw[i] != '%') {
            text += raw[i];
        } else {
            if (raw.size() - i < 3) return std::nullopt;
            const int high = hex_value(raw[i + 1]);
            const int low = hex_value(raw[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            text += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    if (!count_code_points(text)) return std::nullopt;
    return text;
}

}  // namespace

std::optional<std::string> decode_segment(std::string_view raw) {
    return decode(raw, Plus::literal);
}

std::optional<Query> Query::parse(std::string_view raw) {
    Query query;
    while (!raw.empty()) {
        const auto end = raw.find('&');
        const auto pair = raw.substr(0, end);
        raw.remove_prefix(end == std::string_view::npos ? raw.size() : end + 1);
        if (pair.empty()) continue;

        const auto equals = pair.find('=');
        auto name = decode(pair.substr(0, equals), Plus::space);
        auto value = equals == std::string_view::npos
                         ? std::string()
                         : decode(pair.substr(equals + 1), Plus::space);
        if (!name || !value) return std::nullopt;
        query.parameters_.emplace_back(std::move(*name), std::move(*value));
    }
    return query;
}

std::optional<std::string_view> Query::get(std::string_view name) const {
    const auto last = std::find_if(parameters_.rbegin(), parameters_.rend(),
                                   [&](const auto& parameter) { return parameter.first == name; });
    if (last == parameters_.rend()) return std::nullopt;
    return last->second;
}

std::pair<std::string_view, std::string_view> split_target(std::string_view target) {
    const auto mark = target.find('?');
    if (mark == std::string_view::npos) return {target, {}};
    return {target.substr(0, mark), target.substr(mark + 1)};
}

}  // namespace livechat::http
