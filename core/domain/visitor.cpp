#include "domain/visitor.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "domain/rules.hpp"

namespace livechat {
namespace {

struct Rule {
    std::string_view name;
    std::size_t most;  // code points
};

constexpr std::array<Rule, kVisitorFields> kRules{{
    {"page", 2048},
    {"referrer", 2048},
    {"userAgent", 512},
    {"language", 35},
    {"timezone", 64},
    {"name", 128},
    {"email", 254},
}};

const Rule& rule_of(VisitorField field) { return kRules[static_cast<std::size_t>(field)]; }

bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_made_of(std::string_view text, std::string_view punctuation) {
    return std::ranges::all_of(text, [&](char c) {
        return is_alphanumeric(c) || punctuation.find(c) != std::string_view::npos;
    });
}

bool is_email(std::string_view text) {
    const auto at = text.find('@');
    return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
           text.find('@', at + 1) == std::string_view::npos &&
           text.find(' ') == std::string_view::npos;
}

bool has_form(VisitorField field, std::string_view text) {
    switch (field) {
        case VisitorField::language:
            return is_made_of(text, "-");
        case VisitorField::timezone:
            return is_made_of(text, "_+-/");
        case VisitorField::email:
            return is_email(text);
        default:
            return true;
    }
}

Result<void> check_field(VisitorField field, std::string_view text) {
    const auto& [name, most] = rule_of(field);
    const auto refuse = [&name = name](const std::string& what) {
        return fail(ErrorCode::visitor_invalid, "visitor." + std::string(name) + " " + what);
    };
    std::size_t count = 0;
    for (auto rest = text; !rest.empty(); ++count) {
        const auto code_point = next_code_point(rest);
        if (!code_point) return refuse("is not valid UTF-8");
        if (is_control(*code_point)) return refuse("holds a control character");
    }
    if (count > most) return refuse("has at most " + std::to_string(most) + " characters");
    if (count > 0 && !has_form(field, text)) return refuse("does not look like one");
    return {};
}

// "https://host/path?query" of "https://user:password@host/path?query#fragment".
std::string tidied_url(std::string_view url) {
    url = url.substr(0, url.find('#'));
    const auto scheme = url.find("//");
    if (scheme == std::string_view::npos) return std::string(url);
    const auto host = scheme + 2;
    const auto end = std::min(url.find_first_of("/?\\", host), url.size());
    const auto at = url.substr(0, end).rfind('@');
    if (at == std::string_view::npos || at < host) return std::string(url);
    return std::string(url.substr(0, host)) + std::string(url.substr(at + 1));
}

}  // namespace

Visitor tidied(Visitor visitor) {
    for (const auto field : {VisitorField::page, VisitorField::referrer}) {
        if (auto& url = visitor[field]) url = tidied_url(*url);
    }
    if (auto& name = visitor[VisitorField::name]) name = std::string(rules::trimmed(*name));
    return visitor;
}

std::string_view to_string(VisitorField field) { return rule_of(field).name; }

bool knows_anything(const Visitor& visitor) {
    return std::ranges::any_of(visitor.fields,
                               [](const auto& text) { return text && !text->empty(); });
}

void append_json(std::string& out, const Visitor& visitor) {
    out += '{';
    for (std::size_t i = 0; i < kVisitorFields; ++i) {
        const auto& text = visitor.fields[i];
        if (!text || text->empty()) continue;
        out += '"';
        out += kRules[i].name;
        out += "\":";
        append_json_string(out, *text);
        out += ',';
    }
    out += R"("updatedAt":")" + visitor.updated_at + "\"}";
}

namespace rules {

Result<void> check(const Visitor& visitor) {
    for (std::size_t i = 0; i < kVisitorFields; ++i) {
        const auto& text = visitor.fields[i];
        if (!text) continue;
        if (auto allowed = check_field(static_cast<VisitorField>(i), *text); !allowed) {
            return allowed;
        }
    }
    return {};
}

}  // namespace rules

}  // namespace livechat
