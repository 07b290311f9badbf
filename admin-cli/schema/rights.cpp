#include "schema/rights.hpp"

#include <algorithm>
#include <set>

namespace livechat::admin {
namespace {

// "GRANT SELECT, INSERT (a, b), ALL PRIVILEGES ON …" -> the rights; none for what is no such line.
std::set<std::string> rights_of(std::string_view grant) {
    constexpr std::string_view kVerb = "GRANT ";
    std::set<std::string> rights;
    if (!grant.starts_with(kVerb)) return rights;
    grant.remove_prefix(kVerb.size());
    grant = grant.substr(0, grant.find(" ON "));
    while (!grant.empty()) {
        const auto end = std::min(grant.find(", "), grant.size());
        rights.emplace(grant.substr(0, end));
        grant.remove_prefix(std::min(end + 2, grant.size()));
    }
    return rights;
}

// The text between " ON " and " TO ".
std::string_view place_of(std::string_view grant) {
    const auto on = grant.find(" ON ");
    if (on == std::string_view::npos) return {};
    grant.remove_prefix(on + 4);
    return grant.substr(0, grant.find(" TO "));
}

std::string doubled(std::string_view text, char quote) {
    std::string out(1, quote);
    for (const char c : text) {
        out += c;
        if (c == quote) out += c;
    }
    return out + quote;
}

}  // namespace

Rights rights_on(const std::vector<std::string>& grants, std::string_view database) {
    const std::set<std::string> places{quoted_name(database) + ".*",
                                       quoted_pattern(database) + ".*"};
    std::set<std::string> here;
    std::set<std::string> everywhere;
    for (const auto& grant : grants) {
        const auto place = place_of(grant);
        const auto rights = rights_of(grant);
        if (place == "*.*") everywhere.insert(rights.begin(), rights.end());
        if (place == "*.*" || places.contains(std::string(place)))
            here.insert(rights.begin(), rights.end());
    }
    Rights found;
    const bool all = here.contains("ALL PRIVILEGES") || here.contains("ALL");
    for (const char* right : kNeededRights) {
        if (!all && !here.contains(right)) found.missing.emplace_back(right);
    }
    everywhere.erase("USAGE");
    for (const auto& right : everywhere) found.excessive.push_back(right + " on all databases");
    if (all && everywhere.empty()) found.excessive.emplace_back("ALL PRIVILEGES");
    for (const char* right : {"DROP", "ALTER", "CREATE", "TRIGGER", "GRANT OPTION"}) {
        if (here.contains(right) && !everywhere.contains(right))
            found.excessive.emplace_back(right);
    }
    return found;
}

std::string quoted_name(std::string_view name) { return doubled(name, '`'); }

std::string quoted_text(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

std::string quoted_pattern(std::string_view database) {
    std::string escaped;
    for (const char c : database) {
        if (c == '_' || c == '%') escaped += '\\';
        escaped += c;
    }
    return quoted_name(escaped);
}

}  // namespace livechat::admin
