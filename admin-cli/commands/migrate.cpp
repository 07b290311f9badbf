// migrate: brings the schema to this version, or says what that would do.
#include <iostream>
#include <memory>

#include "commands/commands.hpp"
#include "schema/migrator.hpp"

namespace livechat::admin {
namespace {

constexpr std::chrono::seconds kDay{24 * 60 * 60};

// A change of a large table may take hours.
db::Connection patient_connection(DatabaseConfig account) {
    account.read_timeout = kDay;
    return db::Connection(std::move(account));
}

DatabaseConfig reading_account(Program& program) {
    const auto& options = program.options;
    const bool named = !options.defaults_file.empty() || !options.server_user.empty();
    return named ? program.server_account() : program.config().database;
}

Json as_json(const Migration& migration, const Applied& applied) {
    const auto found = applied.find(migration.version);
    Json row;
    row["version"] = migration.version;
    row["name"] = migration.name;
    row["appliedAt"] = found == applied.end() ? Json() : Json(found->second);
    return row;
}

int status(Program& program) {
    const auto account = reading_account(program);
    db::Connection connection(account);
    try {
        Migrator migrator(connection, program.options.migrations);
        const auto applied = migrator.applied();
        Json rows = Json::array();
        for (const auto& migration : migrator.available())
            rows.push_back(as_json(migration, applied));
        program.print(rows, [&] {
            std::string text;
            for (const auto& migration : migrator.available()) {
                const auto found = applied.find(migration.version);
                auto name = migration.file.substr(0, migration.file.size() - 4);
                name.resize(std::max<std::size_t>(name.size(), 40), ' ');
                text +=
                    name + " " + (found == applied.end() ? "not applied" : found->second) + "\n";
            }
            return text;
        });
        migrator.plan();  // says so if the database is of a newer version
        return kDone;
    } catch (const db::Error& error) {
        throw explain(error, account, program.options.config_file);
    }
}

int plan(Program& program) {
    const auto account = reading_account(program);
    db::Connection connection(account);
    try {
        Migrator migrator(connection, program.options.migrations);
        const auto plan = migrator.plan();
        Json rows = Json::array();
        for (const auto& migration : plan.to_apply) rows.push_back(as_json(migration, {}));
        program.print(rows, [&] {
            if (plan.to_apply.empty())
                return std::string("nothing to apply: the schema is of this version\n");
            std::string text;
            for (const auto& migration : plan.to_apply)
                text += "would apply " + migration.file + "\n";
            return text;
        });
        return kDone;
    } catch (const db::Error& error) {
        throw explain(error, account, program.options.config_file);
    }
}

int apply(Program& program, unsigned lock_wait) {
    auto account = program.server_account();
    auto connection = patient_connection(account);
    try {
        Migrator migrator(connection, program.options.migrations);
        Json rows = Json::array();
        migrator.apply(std::chrono::seconds(lock_wait), [&](const Migration& migration) {
            if (!program.options.json) std::cout << "applying " << migration.file << std::endl;
            rows.push_back(as_json(migration, {}));
        });
        program.print(rows, [&] {
            return "the database " + account.name + " is at version " +
                   std::to_string(migrator.available().back().version) + "\n";
        });
        return kDone;
    } catch (const db::Error& error) {
        throw explain(error, account, program.options.config_file);
    }
}

}  // namespace

void add_migrate(CLI::App& app, Program& program) {
    auto* migrate =
        app.add_subcommand("migrate", "The database's schema: what it has, what it lacks");
    migrate->require_subcommand(1);
    add_command(*migrate, program, "status", "Lists the migrations, and when each was applied",
                [&program] { return status(program); });
    add_command(*migrate, program, "plan", "Says what apply would do, and does nothing",
                [&program] { return plan(program); });
    const auto lock_wait = std::make_shared<unsigned>(60);
    auto* command = add_command(*migrate, program, "apply", "Applies what is missing",
                                [&program, lock_wait] { return apply(program, *lock_wait); });
    command
        ->add_option("--lock-wait", *lock_wait,
                     "Seconds to wait for another migration of the same database")
        ->capture_default_str();
}

}  // namespace livechat::admin
