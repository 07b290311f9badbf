#include "chat/readiness.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "chat/retry.hpp"
#include "db/error_codes.hpp"
#include "db/schema_state.hpp"

namespace livechat {
namespace {

constexpr std::chrono::seconds kPatience{2};

DatabaseCheck wrong(std::string reason) { return {DatabaseState::wrong, std::move(reason)}; }

DatabaseCheck incomplete(const std::string& what) {
    return wrong("the " + what +
                 " is missing, as after a restore of a backup without triggers and procedures: see "
                 "\"Triggers or procedures are missing\" in operations.md");
}

// What the programs call no procedure for goes on without them, so an account that cannot call any
// is no reason to refuse every request. (livechat-admin doctor says so.)
std::optional<std::vector<std::string>> missing_triggers(db::SchemaState& schema) {
    try {
        return schema.missing_triggers();
    } catch (const db::Error& error) {
        if (db::cause_of(error.code()) != db::Cause::outdated_system_tables) throw;
        return std::vector<std::string>();
    }
}

DatabaseCheck look(db::Connection& connection) {
    db::SchemaState schema(connection);
    const auto needed = db::schema_version_needed();
    const auto version = schema.version();
    if (!version) {
        return wrong(
            "the database has no livechat tables: run `livechat-admin setup`, or `livechat-admin "
            "migrate apply`");
    }
    if (*version < needed) {
        return wrong("the database's schema is at version " + std::to_string(*version) +
                     " and this program needs " + std::to_string(needed) +
                     ": run `livechat-admin migrate apply`");
    }
    const auto missing = missing_triggers(schema);
    if (!missing) return incomplete("procedure livechat_triggers");
    if (!missing->empty()) return incomplete("trigger " + missing->front());
    schema.try_to_write();
    return {};
}

}  // namespace

DatabaseCheck check_database(db::Connection& connection) {
    try {
        // A connection that ended while it was idle says nothing about the database.
        return with_retry([&] { return look(connection); });
    } catch (const db::Error& error) {
        const auto* const known = db::find_known_error(error.code(), error.what());
        const bool told = known && !known->what.empty();
        if (error.kind() == db::ErrorKind::other) {
            return wrong(
                "the database refuses what every request needs (error " +
                std::to_string(error.code()) +
                (told ? ", " + db::reason_of(error) + ")" : "): run `livechat-admin doctor`"));
        }
        if (error.kind() == db::ErrorKind::locked) {
            return {DatabaseState::unreachable,
                    "the database takes no writes: " + db::reason_of(error)};
        }
        if (told) return {DatabaseState::unreachable, db::reason_of(error)};
        return {DatabaseState::unreachable,
                std::string("the database cannot be reached (") + error.what() +
                    "): is the server running, and is [database] in the configuration right?"};
    }
}

DatabaseCheck check_database_once(DatabaseConfig config) {
    config.connect_timeout = std::min(config.connect_timeout, kPatience);
    config.read_timeout = std::min(config.read_timeout, kPatience);
    db::Connection connection(std::move(config));
    return check_database(connection);
}

}  // namespace livechat
