#include "commands/program.hpp"

#include <unistd.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "commands/option_file.hpp"
#include "db/error_codes.hpp"
#include "db/schema_repository.hpp"
#include "terminal/terminal.hpp"

namespace livechat::admin {
namespace {

std::string place_of(const DatabaseConfig& database) {
    if (database.host.empty()) return database.socket;
    return database.host + ":" + std::to_string(database.port);
}

Stop bad_config(const ConfigError& error) { return Stop(error.sentence(), kBadUsage); }

std::string read_text(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (in) text << in.rdbuf();
    return text.str();
}

bool is_denial(const db::Error& error) {
    return db::cause_of(error.code()) == db::Cause::refused_account;
}

}  // namespace

const Config& Program::config() {
    if (!config_) {
        try {
            config_ = load_config(options.config_file, options.overrides);
        } catch (const ConfigError& error) {
            throw bad_config(error);
        }
    }
    return *config_;
}

Config Program::config_without_secrets() {
    try {
        return parse_config(read_text(options.config_file), options.config_file, options.overrides);
    } catch (const ConfigError& error) {
        throw bad_config(error);
    }
}

db::Connection& Program::database() {
    if (!database_) database_ = std::make_unique<db::Connection>(config().database);
    return *database_;
}

ChatService& Program::chat() {
    if (!chat_) {
        chat_ = std::make_unique<ChatService>(database(), config().limits, [this] { ring(); });
    }
    return *chat_;
}

void Program::ring() {
    if (!doorbell_) {
        doorbell_ = std::make_unique<Doorbell>(config().doorbell.ring, config().database.password);
    }
    doorbell_->ring();
}

DatabaseConfig Program::server_account(bool with_database) {
    if (!options.defaults_file.empty()) {
        auto account = read_option_file(options.defaults_file);
        if (!options.server_user.empty()) account.user = options.server_user;
        if (!options.server_password_file.empty())
            account.password = read_secret_file(options.server_password_file);
        if (!with_database) account.name.clear();
        return account;
    }
    auto account = server_account_of(config().database);
    if (with_database) account.name = config().database.name;
    return account;
}

DatabaseConfig Program::server_account_of(DatabaseConfig account) {
    account.user = options.server_user.empty() ? "root" : options.server_user;
    account.password.clear();
    account.name.clear();
    if (!options.server_password_file.empty()) {
        account.password = read_secret_file(options.server_password_file);
    } else if (has_person()) {
        try {
            db::Connection connection(account);
            db::SchemaRepository(connection).version();
        } catch (const db::Error& error) {
            if (!is_denial(error)) throw explain(error, account, options.config_file);
            account.password = ask_secret("Password of the database account " + account.user,
                                          "--db-password-file");
        }
    }
    return account;
}

void Program::print(const Json& value, const std::function<std::string()>& text) const {
    if (options.json) {
        std::cout << value.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
    } else {
        std::cout << text();
    }
}

Stop explain(const db::Error& error, const DatabaseConfig& database, const std::string& file) {
    const std::string where = "the database at " + place_of(database);
    const std::string reason = std::string(" (") + error.what() + ")";
    switch (db::cause_of(error.code())) {
        case db::Cause::refused_account:
            return Stop(where + " refuses the account " + database.user + reason +
                            ": correct its password in " + file +
                            ", or name another account with --db-user or --defaults-file",
                        kNoDatabase);
        case db::Cause::no_database:
            return Stop(where + " has no database " + database.name + " for the account " +
                            database.user + reason +
                            ": run livechat-admin setup, or correct [database] in " + file,
                        kNoDatabase);
        case db::Cause::other_schema:
            return Stop("the schema of the database " + database.name +
                        " is not the one of this version" + reason +
                        ": run livechat-admin migrate apply");
        case db::Cause::missing_right:
            return Stop(
                "the account " + database.user + " may not do this" + reason +
                ": name one that may with --db-user or --defaults-file, or grant it the right");
        case db::Cause::full_disk:
            return Stop("the disk of the database server is full" + reason +
                        ": make room there and run this again");
        case db::Cause::outdated_system_tables:
        case db::Cause::unnamed:
            break;
    }
    if (error.kind() == db::ErrorKind::locked) {
        return Stop("another transaction holds what this needs" + reason +
                    ": wait for its end and run this again");
    }
    const bool lost = error.kind() == db::ErrorKind::lost;
    const auto* const known = db::find_known_error(error.code(), error.what());
    if (known && !known->advice.empty()) {
        return Stop(std::string(known->what) + reason + ": " + std::string(known->advice),
                    lost ? kNoDatabase : kRefused);
    }
    if (error.kind() == db::ErrorKind::lost) {
        return Stop(where + " cannot be reached" + reason +
                        ": start it (systemctl start mariadb), or correct [database] in " + file,
                    kNoDatabase);
    }
    if (error.kind() == db::ErrorKind::in_doubt) {
        return Stop("the connection to " + where + " broke while it was committing" + reason +
                        ": look at what is there and run this again",
                    kNoDatabase);
    }
    return Stop("the database refused a statement" + reason +
                ": look the number up in its manual, and look into its log");
}

CLI::App* add_command(CLI::App& parent,
                      Program& program,
                      const std::string& name,
                      const std::string& about,
                      std::function<int()> run) {
    auto* command = parent.add_subcommand(name, about);
    command->final_callback([&program, run = std::move(run)] { program.action = run; });
    return command;
}

}  // namespace livechat::admin
