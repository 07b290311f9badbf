// setup: from the installed programs to a livechat that runs.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

#include <unistd.h>

#include "commands/commands.hpp"
#include "domain/access.hpp"
#include "setup/files.hpp"
#include "setup/setup.hpp"
#include "terminal/terminal.hpp"

namespace livechat::admin {
namespace {

struct Options {
    std::string name;
    std::string user;
    std::string socket;
    std::string host;
    std::uint16_t port = 0;
    std::string agent;
    std::string agent_password_file;
    bool no_agent = false;
    bool no_start = false;
    bool plan_only = false;
};

// What the server takes for a name without our having to think of it.
void check_name(const std::string& name, const std::string& option) {
    const bool good =
        !name.empty() && name.size() <= 32 && std::ranges::all_of(name, [](unsigned char c) {
            return std::isalnum(c) != 0 || c == '_' || c == '-';
        });
    if (!good)
        throw Stop(option + " is 1 to 32 letters, digits, _ or -: give another name", kBadUsage);
}

// What setup has written before, or what the configuration says; where there is neither, the server
// that the administrator comes in at.
DatabaseConfig known_database(Program& program, const Wanted& wanted) {
    if (const auto text = read_text_file(wanted.drop_in())) {
        try {
            return parse_config(*text, wanted.drop_in(), {}).database;
        } catch (const ConfigError&) {
            // It is written again.
        }
    }
    if (read_text_file(wanted.config_file())) return program.config_without_secrets().database;
    if (program.options.defaults_file.empty()) return {};
    auto server = program.server_account(false);
    server.name = DatabaseConfig().name;
    server.user = DatabaseConfig().user;
    return server;
}

DatabaseConfig wanted_database(Program& program, const Wanted& wanted, const Options& options) {
    auto database = known_database(program, wanted);
    database.password.clear();
    if (!options.name.empty()) database.name = options.name;
    if (!options.user.empty()) database.user = options.user;
    if (!options.socket.empty()) {
        database.socket = options.socket;
        database.host.clear();
    }
    if (!options.host.empty()) database.host = options.host;
    if (options.port != 0) database.port = options.port;
    check_name(database.name, "--database-name");
    check_name(database.user, "--database-user");
    return database;
}

Wanted wanted_of(Program& program, const Options& options) {
    Wanted wanted;
    const std::filesystem::path file = std::filesystem::absolute(program.options.config_file);
    if (file.filename() != "livechat.toml") {
        throw Stop(
            "setup writes beside a file of the name livechat.toml: give --config "
            "FOLDER/livechat.toml",
            kBadUsage);
    }
    wanted.folder = file.parent_path().string();
    wanted.database = wanted_database(program, wanted, options);
    wanted.start_services = !options.no_start && has_services();
    return wanted;
}

// The server's administrator, on the same server as the programs.
DatabaseConfig server_of(Program& program, const DatabaseConfig& database) {
    if (!program.options.defaults_file.empty()) return program.server_account(false);
    return program.server_account_of(database);
}

std::string agent_name(const Options& options, bool any_agent) {
    const bool named = options.no_agent || any_agent || !options.agent.empty();
    if (named || options.plan_only || !has_person()) return options.agent;
    return ask("User name of the first agent, a supervisor", "admin", "--agent");
}

// What would be refused at the end is refused here, before anything is done; at a terminal it is
// asked for again.
std::string new_agent_password(const Options& options, const std::string& agent) {
    if (!options.agent_password_file.empty()) {
        auto password = read_secret_file(options.agent_password_file);
        if (const auto good = check_password(password); !good) {
            throw Stop("the password in " + options.agent_password_file + " cannot be used (" +
                           good.error().message + "): write another one; nothing was done",
                       kBadUsage);
        }
        return password;
    }
    while (true) {
        auto password = ask_new_secret("Password of the agent " + agent, "--agent-password-file");
        const auto good = check_password(password);
        if (good) return password;
        std::cerr << good.error().message << '\n';
    }
}

void check_agent_name(const std::string& name) {
    if (name.empty()) return;
    if (const auto good = check_username(name); !good) {
        throw Stop("--agent " + name + ": " + good.error().message + ": give another name",
                   kBadUsage);
    }
}

// Whether the files can be written at the end.
void check_folder(const std::string& folder) {
    std::filesystem::path there = folder;
    std::error_code error;
    while (!std::filesystem::is_directory(there, error) && there.has_relative_path()) {
        there = there.parent_path();
    }
    if (::access(there.c_str(), W_OK) != 0) {
        throw Stop("cannot write to " + there.string() +
                   ": run this as root, or name another folder with --config");
    }
}

Json as_json(const std::vector<Step>& steps) {
    Json list = Json::array();
    for (const auto& step : steps) list.push_back(step.what);
    return list;
}

void show(Program& program, const std::vector<Step>& steps) {
    if (program.options.json) return;
    std::cout << (steps.empty() ? "everything is there\n" : "setup will\n");
    for (const auto& step : steps) std::cout << "  - " << step.what << '\n';
}

void say_next(Program& program, const Wanted& wanted, const Found& found) {
    if (program.options.json) return;
    if (wanted.agent.empty() && !found.agent) {
        std::cout << "there is no agent yet: livechat-admin agent add NAME --role supervisor\n";
    }
    std::cout << "livechat-admin doctor says whether all of it works together\n";
}

int run(Program& program, const Options& options) {
    check_agent_name(options.agent);
    auto wanted = wanted_of(program, options);
    if (!options.plan_only) check_folder(wanted.folder);
    std::optional<FolderLock> alone;
    if (!options.plan_only) alone.emplace(wanted.folder);
    auto server = server_of(program, wanted.database);
    try {
        Setup first_look(wanted, server, program.options.migrations);
        auto found = first_look.look();
        wanted = first_look.wanted();
        wanted.agent = agent_name(options, found.agent);
        check_agent_name(wanted.agent);
        Setup setup(wanted, server, program.options.migrations);
        found = setup.look();
        const auto to_do = steps(setup.wanted(), found);
        show(program, to_do);
        if (!to_do.empty() && !options.plan_only) {
            confirm("Go on?", program.options.yes);
            // Asked for before anything is done.
            std::string password;
            for (const auto& step : to_do) {
                if (step.action == Action::add_agent)
                    password = new_agent_password(options, wanted.agent);
            }
            for (const auto& step : to_do) {
                setup.perform(step.action, [&] { return password; });
                if (!program.options.json) std::cout << "done: " << step.what << std::endl;
            }
        }
        if (program.options.json)
            program.print(Json{{"steps", as_json(to_do)}, {"done", !options.plan_only}}, {});
        if (!options.plan_only) say_next(program, wanted, found);
        return kDone;
    } catch (const db::Error& error) {
        throw explain(error, server, program.options.config_file);
    }
}

}  // namespace

void add_setup(CLI::App& app, Program& program) {
    const auto options = std::make_shared<Options>();
    auto* command = add_command(
        app, program, "setup",
        "Makes the database, its account, the secrets and the first agent, and starts the services;"
        " what is there already stays",
        [&program, options] { return run(program, *options); });
    command->add_option("--database-name", options->name, "The database (default: livechat)")
        ->take_last();
    command
        ->add_option("--database-user", options->user,
                     "The programs' account in it (default: livechat)")
        ->take_last();
    command->add_option("--database-socket", options->socket, "The server's unix socket")
        ->take_last();
    command->add_option("--database-host", options->host, "Or its host, by TCP")->take_last();
    command->add_option("--database-port", options->port, "And its port")->take_last();
    command->add_option("--agent", options->agent, "User name of the first agent");
    command->add_option("--agent-password-file", options->agent_password_file,
                        "The file that holds the agent's password; - is standard input");
    command->add_flag("--no-agent", options->no_agent, "Makes no agent");
    command->add_flag("--no-start", options->no_start, "Starts no services");
    command->add_flag("--plan", options->plan_only, "Only says what would be done");
}

}  // namespace livechat::admin
