// livechat-admin: installs, checks and looks after a livechat (livechat-admin(1)).
#include <CLI/CLI.hpp>
#include <csignal>
#include <exception>
#include <iostream>

#include "base/log.hpp"
#include "commands/commands.hpp"
#include "commands/unknown_command.hpp"
#include "schema/migrator.hpp"

namespace {

using namespace livechat;
using namespace livechat::admin;

int complain(const std::string& sentence, int status) {
    std::cerr << "livechat-admin: " << sentence << '\n';
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_DFL);
    log::start("livechat-admin", log::Level::error);
    CLI::App app("Installs, checks and looks after a livechat", "livechat-admin");
    app.set_version_flag("--version", "livechat-admin " LIVECHAT_VERSION);
    Program program;
    try {
        add_all(app, program);
        app.failure_message([](const CLI::App* failed, const CLI::Error& error) {
            return failed->get_name() + ": " + error.what() + ": see --help\n";
        });
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (const auto unknown = unknown_command(app); error.get_exit_code() != 0 && unknown) {
            return complain(*unknown, kBadUsage);
        }
        return app.exit(error) == 0 ? kDone : kBadUsage;
    }
    try {
        return program.action();
    } catch (const Stop& stop) {
        return complain(stop.what(), stop.status());
    } catch (const MigrationError& error) {
        return complain(error.what(), kRefused);
    } catch (const db::Error& error) {
        const auto stop = explain(error, program.config().database, program.options.config_file);
        return complain(stop.what(), stop.status());
    } catch (const std::exception& error) {
        return complain(error.what(), kRefused);
    }
}
