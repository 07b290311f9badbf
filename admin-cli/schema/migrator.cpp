#include "schema/migrator.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

#include "db/error_codes.hpp"
#include "db/schema_repository.hpp"
#include "schema/rehearsal.hpp"
#include "schema/script.hpp"

namespace livechat::admin {
namespace {

std::vector<Statement> read_statements(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (in) text << in.rdbuf();
    if (!in || !text) throw MigrationError("cannot read " + file.string());
    try {
        return split_statements(text.str());
    } catch (const ScriptError& error) {
        throw MigrationError(file.string() + ", " + error.what());
    }
}

}  // namespace

std::vector<Migration> list_migrations(const std::filesystem::path& folder) {
    std::vector<Migration> migrations;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() != ".sql") continue;
        auto migration = parse_migration_name(entry.path().filename().string());
        if (migration.version == 0) {
            throw MigrationError("not the name of a migration (NNNN_name.sql): " +
                                 entry.path().string());
        }
        migrations.push_back(std::move(migration));
    }
    if (migrations.empty()) {
        throw MigrationError("there are no migrations in " + folder.string() +
                             ": name their folder with --migrations");
    }
    std::ranges::sort(migrations, {}, &Migration::version);
    const auto twin = std::ranges::adjacent_find(migrations, {}, &Migration::version);
    if (twin != migrations.end()) {
        throw MigrationError("two migrations have one number: " + twin->file + " and " +
                             (twin + 1)->file + " in " + folder.string());
    }
    return migrations;
}

std::vector<std::string> objects_of(const std::filesystem::path& folder) {
    std::set<std::string> objects;
    for (const auto& migration : list_migrations(folder)) {
        for (const auto& statement : read_statements(folder / migration.file)) {
            const auto object = named_object(statement.text);
            if (object.kind.empty()) continue;
            if (object.created)
                objects.insert(object.kind + " " + object.name);
            else
                objects.erase(object.kind + " " + object.name);
        }
    }
    return {objects.begin(), objects.end()};
}

Migrator::Migrator(db::Connection& connection, std::filesystem::path folder)
    : connection_(connection), folder_(std::move(folder)), available_(list_migrations(folder_)) {}

Applied Migrator::applied() { return db::SchemaRepository(connection_).applied(); }

Plan Migrator::plan() {
    auto plan = admin::plan(available_, applied());
    if (plan.newer) {
        throw MigrationError("the database has migration " + std::to_string(plan.unknown.back()) +
                             " of a newer livechat, this version knows up to " +
                             std::to_string(available_.back().version) +
                             ": install the newer version, or restore the backup from before it");
    }
    return plan;
}

std::size_t Migrator::apply(std::chrono::seconds patience,
                            const std::function<void(const Migration&)>& before) {
    if (plan().to_apply.empty()) return 0;
    connection_.stay();
    take_lock(patience);
    db::SchemaRepository schema(connection_);
    const auto lacking = plan().to_apply;
    if (lacking.empty()) return 0;
    rehearse(connection_);
    schema.prepare();
    for (const auto& migration : lacking) {
        before(migration);
        apply_one(migration);
        schema.record(migration.version, migration.name);
    }
    schema.forget_progress();
    return lacking.size();
}

void Migrator::take_lock(std::chrono::seconds patience) {
    bool taken = false;
    try {
        taken = db::SchemaRepository(connection_).take_migration_lock(patience);
    } catch (const db::Error& error) {
        if (error.kind() == db::ErrorKind::lost && !db::is_of_proxy(error.code())) throw;
        throw MigrationError(std::string("the server refuses GET_LOCK (") + error.what() +
                             "), which keeps two migrations apart: run this at the database "
                             "server itself, not through a proxy; nothing was changed");
    }
    if (taken) return;
    throw MigrationError("another migration of this database is still running after " +
                         std::to_string(patience.count()) +
                         " seconds: wait for its end and run this again");
}

// Statements commit by themselves, so how many took effect is noted behind each; but not while
// tables are locked, which ends with the connection: then all of them are done again.
void Migrator::apply_one(const Migration& migration) {
    db::SchemaRepository schema(connection_);
    const auto done = schema.progress(migration.version);
    bool locked = false;
    std::size_t count = 0;
    for (const auto& statement : read_statements(folder_ / migration.file)) {
        if (++count <= done.value_or(0)) continue;
        try {
            connection_.run(statement.text);
        } catch (const db::Error& error) {
            if (done && db::is_made_or_gone_already(error.code())) continue;
            throw MigrationError(
                "migration " + migration.file + " failed in line " +
                std::to_string(statement.line) + ": " + error.what() +
                "; it is not recorded as applied, what stands before that line has taken effect: "
                "mend the cause and run this again, it goes on from there");
        }
        if (statement.text.starts_with("LOCK TABLES")) locked = true;
        if (statement.text.starts_with("UNLOCK TABLES")) locked = false;
        if (!locked) schema.note_progress(migration.version, count);
    }
}

}  // namespace livechat::admin
