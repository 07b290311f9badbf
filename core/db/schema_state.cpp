#include "db/schema_state.hpp"

namespace livechat::db {

std::uint64_t schema_version_needed() { return LIVECHAT_SCHEMA_VERSION; }

std::optional<std::uint64_t> SchemaState::version() {
    auto tables = connection_.query(
        "SELECT 1 FROM information_schema.tables "
        "WHERE table_schema = DATABASE() AND table_name = 'schema_migration'");
    if (!tables.next()) return std::nullopt;
    auto rows = connection_.query("SELECT MAX(version) FROM schema_migration");
    if (!rows.next() || rows.is_null(1)) return std::nullopt;
    return rows.integer(1);
}

// Triggers are listed only for accounts that may make some. So it is asked for what only the
// trigger refuses: there is no session 0.
bool SchemaState::numbers_messages() {
    constexpr int kSignalled = 1644;
    const Transaction never_committed(connection_);
    return connection_.refusal(
               "INSERT INTO message (session_id, sender, body) "
               "VALUES (0, 'client', 'x')") == kSignalled;
}

}  // namespace livechat::db
