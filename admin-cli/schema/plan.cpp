#include "schema/plan.hpp"

#include <algorithm>
#include <charconv>

namespace livechat::admin {

Migration parse_migration_name(std::string_view file) {
    constexpr std::size_t kDigits = 4;
    constexpr std::string_view kEnding = ".sql";
    if (!file.ends_with(kEnding) || file.size() <= kDigits + 1 + kEnding.size()) return {};
    if (file[kDigits] != '_') return {};
    Migration migration;
    const auto [end, error] =
        std::from_chars(file.data(), file.data() + kDigits, migration.version);
    if (error != std::errc{} || end != file.data() + kDigits) return {};
    const auto name = file.substr(kDigits + 1, file.size() - kDigits - 1 - kEnding.size());
    const bool good = std::ranges::all_of(
        name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
    if (!good) return {};
    migration.name = name;
    migration.file = file;
    return migration;
}

Plan plan(const std::vector<Migration>& available, const Applied& applied) {
    Plan plan;
    for (const auto& migration : available) {
        if (!applied.contains(migration.version)) plan.to_apply.push_back(migration);
    }
    for (const auto& [version, when] : applied) {
        if (!std::ranges::any_of(available,
                                 [v = version](const Migration& m) { return m.version == v; }))
            plan.unknown.push_back(version);
    }
    const unsigned last = available.empty() ? 0 : available.back().version;
    plan.newer = !plan.unknown.empty() && plan.unknown.back() > last;
    return plan;
}

}  // namespace livechat::admin
