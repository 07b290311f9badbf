// The command line that both programs share (CLI11).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"

namespace livechat {

// --config FILE, --set section.key=value (repeatable), --log-format, --check, --check-config,
// --version, --help. Returns the configuration to run with and starts the log. Ends with an exit
// status instead (through `exit_code`) for --help, --version and --check-config (0), and for a bad
// command line or configuration (2, with one sentence on stderr).
struct CommandLine {
    std::optional<Config> config;
    int exit_code = 0;
    bool check_only = false;  // --check: look whether it could run, and end
};

// An option that stands for --set KEY=value.
struct Shorthand {
    std::string option;  // "--name"
    std::string key;     // "wsd.name"
    std::string description;
};

CommandLine read_command_line(int argc,
                              const char* const* argv,
                              const std::string& program,
                              const std::string& description,
                              const std::vector<Shorthand>& shorthands = {});

}  // namespace livechat
