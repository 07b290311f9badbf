#include "db/schema_repository.hpp"

namespace livechat::db {

std::map<unsigned, std::string> SchemaRepository::applied() {
    std::map<unsigned, std::string> applied;
    if (!tables().contains("schema_migration")) return applied;
    auto rows = connection_.query("SELECT version, CAST(applied_at AS CHAR) FROM schema_migration");
    while (rows.next()) applied.emplace(static_cast<unsigned>(rows.integer(1)), rows.text(2));
    return applied;
}

bool SchemaRepository::take_migration_lock(std::chrono::seconds patience) {
    auto rows = connection_.query(
        "SELECT COALESCE(GET_LOCK(LEFT(CONCAT('livechat.migrate.', DATABASE()), 64), ?), 0)",
        {static_cast<std::uint64_t>(patience.count())});
    return rows.next() && rows.integer(1) == 1;
}

void SchemaRepository::prepare() {
    connection_.run(
        "CREATE TABLE IF NOT EXISTS schema_migration ("
        " version INT NOT NULL PRIMARY KEY,"
        " name VARCHAR(200) NOT NULL,"
        " applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP"
        ") ENGINE = InnoDB");
}

void SchemaRepository::record(unsigned version, std::string_view name) {
    connection_.execute("INSERT INTO schema_migration (version, name) VALUES (?, ?)",
                        {static_cast<std::uint64_t>(version), name});
}

std::optional<std::size_t> SchemaRepository::progress(unsigned version) {
    if (!tables().contains("schema_progress")) return std::nullopt;
    auto rows = connection_.query("SELECT statements FROM schema_progress WHERE version = ?",
                                  {std::uint64_t{version}});
    if (!rows.next()) return std::nullopt;
    return rows.integer(1);
}

void SchemaRepository::note_progress(unsigned version, std::size_t statements) {
    connection_.run(
        "CREATE TABLE IF NOT EXISTS schema_progress ("
        " version INT NOT NULL PRIMARY KEY,"
        " statements BIGINT NOT NULL"
        ") ENGINE = InnoDB");
    connection_.execute(
        "INSERT INTO schema_progress (version, statements) VALUES (?, ?)"
        " ON DUPLICATE KEY UPDATE statements = VALUES(statements)",
        {std::uint64_t{version}, std::uint64_t{statements}});
}

void SchemaRepository::forget_progress() {
    connection_.run("DROP TABLE IF EXISTS schema_progress");
}

std::set<std::string> SchemaRepository::names(std::string_view sql) {
    std::set<std::string> names;
    auto rows = connection_.query(sql);
    while (rows.next()) names.insert(rows.text(1));
    return names;
}

std::set<std::string> SchemaRepository::tables() {
    return names(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()");
}

std::set<std::string> SchemaRepository::routines() {
    return names(
        "SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE()");
}

std::string SchemaRepository::version() {
    auto rows = connection_.query("SELECT VERSION()");
    return rows.next() ? rows.text(1) : "";
}

std::string SchemaRepository::account() {
    auto rows = connection_.query("SELECT CURRENT_USER()");
    return rows.next() ? rows.text(1) : "";
}

std::vector<std::string> SchemaRepository::grants() {
    std::vector<std::string> grants;
    auto rows = connection_.query("SHOW GRANTS");
    while (rows.next()) grants.push_back(rows.text(1));
    return grants;
}

std::uint64_t SchemaRepository::unix_time() {
    auto rows = connection_.query("SELECT UNIX_TIMESTAMP()");
    return rows.next() ? rows.integer(1) : 0;
}

std::optional<std::string> SchemaRepository::variable(std::string_view name) {
    auto rows = connection_.query("SHOW GLOBAL VARIABLES WHERE Variable_name = ?", {name});
    if (!rows.next()) return std::nullopt;
    return rows.text(2);
}

Variables SchemaRepository::variables() {
    Variables variables;
    auto rows = connection_.query("SHOW GLOBAL VARIABLES");
    while (rows.next()) variables.emplace(rows.text(1), rows.text(2));
    return variables;
}

std::uint64_t SchemaRepository::account_connections() {
    auto rows = connection_.query("SELECT @@session.max_user_connections");
    return rows.next() ? rows.integer(1) : 0;
}

std::uint64_t SchemaRepository::bytes() {
    auto rows = connection_.query(
        "SELECT CAST(COALESCE(SUM(data_length + index_length), 0) AS UNSIGNED)"
        " FROM information_schema.tables WHERE table_schema = DATABASE()");
    return rows.next() ? rows.integer(1) : 0;
}

}  // namespace livechat::db
