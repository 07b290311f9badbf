#include "setup/setup.hpp"

#include <chrono>

#include "base/ids.hpp"
#include "chat/agent_service.hpp"
#include "db/agent_repository.hpp"
#include "db/error_codes.hpp"
#include "db/schema_repository.hpp"
#include "schema/migrator.hpp"
#include "schema/rights.hpp"
#include "setup/files.hpp"
#include "terminal/exit.hpp"

namespace livechat::admin {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::chrono::seconds kMigrationPatience{60};
constexpr std::chrono::seconds kDay{24 * 60 * 60};

std::uint64_t number_of(db::Rows rows) { return rows.next() ? rows.integer(1) : 0; }

}  // namespace

Setup::Setup(Wanted wanted, DatabaseConfig server, std::filesystem::path migrations)
    : wanted_(std::move(wanted)),
      server_config_(std::move(server)),
      server_(server_config_),
      migrations_(std::move(migrations)) {}

Found Setup::look() {
    Found found;
    if (wanted_.account_host.empty()) {
        // As the server sees a client that comes the way that we came.
        auto rows = server_.query("SELECT SUBSTRING_INDEX(USER(), '@', -1)");
        wanted_.account_host = rows.next() ? rows.text(1) : "localhost";
    }
    const auto& name = wanted_.database.name;
    found.database = number_of(server_.query("SELECT COUNT(*) FROM information_schema.schemata"
                                             " WHERE schema_name = ?",
                                             {std::string_view(name)})) > 0;
    found.account =
        number_of(server_.query(
            "SELECT COUNT(*) FROM mysql.user WHERE User = ? AND Host = ?",
            {std::string_view(wanted_.database.user), std::string_view(wanted_.account_host)})) > 0;
    const auto password = read_secret(wanted_.password_file());
    found.password = found.account && password && password_works(*password);
    if (found.password) {
        auto config = wanted_.database;
        config.name.clear();
        config.password = *password;
        db::Connection connection(config);
        found.rights = rights_on(db::SchemaRepository(connection).grants(), name).missing.empty();
    }
    found.migrations = lacking_migrations();
    found.site_secret = read_secret(wanted_.site_secret_file()).has_value();
    found.config_file = read_text_file(wanted_.config_file()).has_value();
    found.drop_in = read_text_file(wanted_.drop_in()) == drop_in_text(wanted_);
    found.agent = found.database && has_agent();
    found.services = wanted_.start_services && services_run();
    return found;
}

bool Setup::password_works(const std::string& password) const {
    auto config = wanted_.database;
    config.name.clear();
    config.password = password;
    try {
        db::Connection connection(config);
        db::SchemaRepository(connection).version();
        return true;
    } catch (const db::Error&) {
        return false;
    }
}

DatabaseConfig Setup::server_with_database() const {
    auto config = server_config_;
    config.name = wanted_.database.name;
    config.read_timeout = kDay;
    config.lock_timeout = kDay;
    return config;
}

std::vector<std::string> Setup::lacking_migrations() {
    std::vector<std::string> files;
    Plan lacking;
    try {
        db::Connection connection(server_with_database());
        lacking = Migrator(connection, migrations_).plan();
    } catch (const db::Error&) {
        lacking.to_apply = list_migrations(migrations_);  // there is no database yet
    }
    for (const auto& migration : lacking.to_apply) files.push_back(migration.file);
    return files;
}

bool Setup::has_agent() {
    try {
        db::Connection connection(server_with_database());
        db::AgentRepository agents(connection);
        return wanted_.agent.empty() ? !agents.list().empty()
                                     : agents.find(wanted_.agent).has_value();
    } catch (const db::Error&) {
        return false;  // the table is not there yet
    }
}

std::string Setup::new_password() {
    auto password = random_id(kSecretBytes);
    // The file first: an account whose password is unknown would be of no use.
    write_text_file(wanted_.password_file(), password + "\n", true);
    return quoted_text(password);
}

void Setup::change_password() {
    const auto password = new_password();
    try {
        server_.run("ALTER USER " + account() + " IDENTIFIED BY " + password);
    } catch (const db::Error& error) {
        // MySQL 5.6 and MariaDB 10.1 say it in other words, which MySQL 8 has forgotten.
        if (!db::is_syntax_error(error.code())) throw;
        server_.run("SET PASSWORD FOR " + account() + " = PASSWORD(" + password + ")");
    }
}

std::string Setup::account() const {
    return quoted_text(wanted_.database.user) + "@" + quoted_text(wanted_.account_host);
}

void Setup::perform(Action action, const std::function<std::string()>& agent_password) {
    const auto& name = wanted_.database.name;
    switch (action) {
        case Action::create_database:
            server_.run("CREATE DATABASE " + quoted_name(name) + " CHARACTER SET utf8mb4");
            break;
        case Action::create_account:
            server_.run("CREATE USER " + account() + " IDENTIFIED BY " + new_password());
            break;
        case Action::set_password:
            change_password();
            break;
        case Action::grant:
            server_.run("GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON " + quoted_pattern(name) +
                        ".* TO " + account());
            break;
        case Action::migrate: {
            db::Connection connection(server_with_database());
            Migrator(connection, migrations_).apply(kMigrationPatience, [](const Migration&) {});
            break;
        }
        case Action::write_site_secret:
            write_text_file(wanted_.site_secret_file(), random_id(kSecretBytes) + "\n", true);
            break;
        case Action::write_config_file:
            write_text_file(
                wanted_.config_file(),
                "# The configuration of livechat; livechat.toml(5) explains every key.\n", false);
            break;
        case Action::write_drop_in:
            write_text_file(wanted_.drop_in(), drop_in_text(wanted_), false);
            break;
        case Action::add_agent:
            add_agent(agent_password());
            break;
        case Action::start_services:
            start_services();
            break;
    }
}

void Setup::add_agent(const std::string& password) {
    db::Connection connection(server_with_database());
    const AuthConfig auth;
    const auto added =
        AgentService(connection, auth).add(wanted_.agent, password, Role::supervisor);
    if (!added) {
        throw Stop("the agent " + wanted_.agent + " was not added: " + added.error().message +
                   "; everything before that is done, run this again");
    }
}

}  // namespace livechat::admin
