#include "schema/migrator.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

#include "db/schema_repository.hpp"
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
    db::SchemaRepository schema(connection_);
    if (!schema.take_migration_lock(patience)) {
        throw MigrationError("another migration of this database is still running after " +
                             std::to_string(patience.count()) +
                             " seconds: wait for its end and run this again");
    }
    const auto lacking = plan().to_apply;
    if (!lacking.empty()) schema.prepare();
    for (const auto& migration : lacking) {
        before(migration);
        apply_one(migration);
        schema.record(migration.version, migration.name);
    }
    return lacking.size();
}

void Migrator::apply_one(const Migration& migration) {
    for (const auto& statement : read_statements(folder_ / migration.file)) {
        try {
            connection_.run(statement.text);
        } catch (const db::Error& error) {
            throw MigrationError("migration " + migration.file + " failed in line " +
                                 std::to_string(statement.line) + ": " + error.what() +
                                 "; it is not recorded as applied, what stands before that line has"
                                 " taken effect: mend the cause, undo what cannot be repeated, and"
                                 " run this again");
        }
    }
}

}  // namespace livechat::admin
