#include "commands/commands.hpp"

namespace livechat::admin {
namespace {

void add_common_options(CLI::App& app, CommonOptions& options) {
    app.add_option("-c,--config", options.config_file, "The programs' configuration file")
        ->capture_default_str()
        ->envname("LIVECHAT_CONFIG")
        ->take_last();
    app.add_option("--set", options.overrides,
                   "Overrides a key of the file: section.key=value (repeatable)")
        ->allow_extra_args(false);
    app.add_flag("--json", options.json, "Prints JSON, for programs");
    app.add_flag("-y,--yes", options.yes, "Says yes to what is asked before something is lost");
    app.add_option("--defaults-file", options.defaults_file,
                   "An option file of the mariadb client: how to reach the database as an account"
                   " that may change it")
        ->take_last();
    app.add_option("--db-user", options.server_user, "That account's name (default: root)")
        ->take_last();
    app.add_option("--db-password-file", options.server_password_file,
                   "The file that holds its password; - is standard input")
        ->take_last();
    app.add_option("--migrations", options.migrations, "The folder of the migrations")
        ->capture_default_str()
        ->take_last();
}

}  // namespace

void add_all(CLI::App& app, Program& program) {
    add_common_options(app, program.options);
    // Common options may stand behind the command.
    app.fallthrough();
    app.require_subcommand(1);
    add_setup(app, program);
    add_doctor(app, program);
    add_migrate(app, program);
    add_access(app, program);
    add_session(app, program);
    add_export(app, program);
    add_import(app, program);
    add_removal(app, program);
    add_watching(app, program);
}

}  // namespace livechat::admin
