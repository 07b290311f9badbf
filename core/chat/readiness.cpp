#include "chat/readiness.hpp"

#include <algorithm>

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
    const auto missing = schema.missing_triggers();
    if (!missing) return incomplete("procedure livechat_triggers");
    if (!missing->empty()) return incomplete("trigger " + missing->front());
    return {};
}

}  // namespace

DatabaseCheck check_database(db::Connection& connection) {
    try {
        return look(connection);
    } catch (const db::Error& error) {
        if (error.kind() == db::ErrorKind::other) {
            return wrong("the database refuses what every request needs (error " +
                         std::to_string(error.code()) + "): run `livechat-admin doctor`");
        }
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
