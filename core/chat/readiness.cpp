#include "chat/readiness.hpp"

#include <algorithm>

#include "db/schema_state.hpp"
#include "db/trigger_probe.hpp"

namespace livechat {
namespace {

constexpr std::chrono::seconds kPatience{2};

DatabaseCheck wrong(std::string reason) { return {DatabaseState::wrong, std::move(reason)}; }

DatabaseCheck without_trigger(const std::string& name) {
    return wrong(
        "the trigger " + name +
        " is missing, as after a restore without triggers: see \"A trigger is missing\" in "
        "operations.md");
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
    if (!schema.numbers_messages()) return without_trigger("message_before_insert");
    return {};
}

// Also at what is too much to be done again and again.
DatabaseCheck look_closely(db::Connection& connection) {
    auto check = look(connection);
    if (check.state != DatabaseState::good) return check;
    const auto idle = db::find_idle_triggers(connection);
    return idle.empty() ? check : without_trigger(idle.front());
}

template <class Look>
DatabaseCheck translated(Look look) {
    try {
        return look();
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

}  // namespace

DatabaseCheck check_database(db::Connection& connection) {
    return translated([&] { return look(connection); });
}

DatabaseCheck check_database_once(DatabaseConfig config) {
    config.connect_timeout = std::min(config.connect_timeout, kPatience);
    config.read_timeout = std::min(config.read_timeout, kPatience);
    db::Connection connection(std::move(config));
    return translated([&] { return look_closely(connection); });
}

}  // namespace livechat
