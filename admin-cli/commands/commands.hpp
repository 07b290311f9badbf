// The commands of livechat-admin: each function adds one (with its own subcommands) to the command
// line. What a command does is called after all options were read.
#pragma once

#include <CLI/CLI.hpp>

#include "commands/program.hpp"

namespace livechat::admin {

void add_setup(CLI::App& app, Program& program);
void add_access(CLI::App& app, Program& program);
void add_doctor(CLI::App& app, Program& program);
void add_migrate(CLI::App& app, Program& program);
void add_session(CLI::App& app, Program& program);
void add_export(CLI::App& app, Program& program);
void add_import(CLI::App& app, Program& program);
void add_removal(CLI::App& app, Program& program);
void add_watching(CLI::App& app, Program& program);

// All of them, and the options that they have in common.
void add_all(CLI::App& app, Program& program);

}  // namespace livechat::admin
