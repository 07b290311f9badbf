// migrate: brings the schema to this version, or says what that would do.
#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>

#include "commands/commands.hpp"
#include "schema/migrator.hpp"

namespace livechat::admin {
namespace {

// A change of a large table may take hours.
constexpr std::chrono::seconds kDay{24 * 60 * 60};

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

// On a connection of the account. What goes wrong there is told of it, and not of the programs'
// own.
int with_migrator(Program& program,
                  const DatabaseConfig& account,
                  const std::function<void(Migrator&)>& work) {
    try {
        db::Connection connection(account);
        Migrator migrator(connection, program.options.migrations);
        work(migrator);
        return kDone;
    } catch (const db::Error& error) {
        throw explain(error, account, program.options.config_file);
    }
}

std::string line_of(const Migration& migration, const Applied& applied) {
    constexpr std::size_t kNameWidth = 40;
    const auto found = applied.find(migration.version);
    auto name = migration.file.substr(0, migration.file.rfind('.'));
    name.resize(std::max(name.size(), kNameWidth), ' ');
    return name + " " + (found == applied.end() ? "not applied" : found->second) + "\n";
}

int status(Program& program) {
    return with_migrator(program, reading_account(program), [&program](Migrator& migrator) {
        const auto applied = migrator.applied();
        Json rows = Json::array();
        std::string text;
        for (const auto& migration : migrator.available()) {
            rows.push_back(as_json(migration, applied));
            text += line_of(migration, applied);
        }
        program.print(rows, [&text] { return text; });
        migrator.plan();  // says so if the database is of a newer version
    });
}

int plan(Program& program) {
    return with_migrator(program, reading_account(program), [&program](Migrator& migrator) {
        Json rows = Json::array();
        std::string text;
        for (const auto& migration : migrator.plan().to_apply) {
            rows.push_back(as_json(migration, {}));
            text += "would apply " + migration.file + "\n";
        }
        if (text.empty()) text = "nothing to apply: the schema is of this version\n";
        program.print(rows, [&text] { return text; });
    });
}

int apply(Program& program, unsigned lock_wait) {
    auto account = program.server_account();
    account.read_timeout = kDay;
    account.lock_timeout = kDay;  // a migration that gave up in the middle would be worse
    return with_migrator(program, account, [&](Migrator& migrator) {
        Json rows = Json::array();
        migrator.apply(std::chrono::seconds(lock_wait), [&](const Migration& migration) {
            if (!program.options.json) std::cout << "applying " << migration.file << std::endl;
            rows.push_back(as_json(migration, {}));
        });
        program.print(rows, [&] {
            return "the database " + account.name + " is at version " +
                   std::to_string(migrator.available().back().version) + "\n";
        });
    });
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
