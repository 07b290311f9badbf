#include "db/schema_state.hpp"

#include "db/error_codes.hpp"

namespace livechat::db {
namespace {

constexpr std::string_view kTriggers[] = {LIVECHAT_TRIGGERS};

}  // namespace

std::uint64_t schema_version_needed() { return LIVECHAT_SCHEMA_VERSION; }

std::span<const std::string_view> triggers_needed() { return kTriggers; }

std::optional<std::uint64_t> SchemaState::version() {
    auto tables = connection_.query(
        "SELECT 1 FROM information_schema.tables "
        "WHERE table_schema = DATABASE() AND table_name = 'schema_migration'");
    if (!tables.next()) return std::nullopt;
    auto rows = connection_.query("SELECT MAX(version) FROM schema_migration");
    if (!rows.next() || rows.is_null(1)) return std::nullopt;
    return rows.integer(1);
}

std::optional<std::vector<std::string>> SchemaState::missing_triggers() {
    try {
        connection_.run("CALL livechat_triggers(@livechat_triggers)");
    } catch (const Error& error) {
        if (cause_of(error.code()) == Cause::other_schema) return std::nullopt;
        throw;
    }
    // A comma behind each name.
    auto rows = connection_.query("SELECT CONCAT(',', @livechat_triggers)");
    const auto there = rows.next() ? rows.text(1) : "";
    std::vector<std::string> missing;
    for (const auto name : kTriggers) {
        if (there.find("," + std::string(name) + ",") == std::string::npos) {
            missing.emplace_back(name);
        }
    }
    return missing;
}

void SchemaState::try_to_write() {
    const Transaction rolled_back(connection_);
    connection_.execute("UPDATE feed_state SET purged_through = purged_through WHERE only_row = 1");
}

}  // namespace livechat::db
