#include "base/program.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <stdexcept>
#include <vector>

#include "base/log.hpp"

namespace livechat {

CommandLine read_command_line(int argc,
                              const char* const* argv,
                              const std::string& program,
                              const std::string& description,
                              const std::vector<Shorthand>& shorthands) {
    CLI::App app(description, program);
    std::string file = "/etc/livechat/livechat.toml";
    std::vector<std::string> overrides;
    bool check_config = false;
    bool check = false;
    app.add_option("-c,--config", file, "The configuration file")->capture_default_str();
    app.add_option("--set", overrides,
                   "Overrides a key of the file: section.key=value (repeatable)")
        ->allow_extra_args(false);
    for (const auto& [option, key, about] : shorthands) {
        app.add_option_function<std::string>(
            option,
            [&overrides, key = key](const std::string& value) {
                overrides.push_back(key + "=" + value);
            },
            about + " (" + key + ")");
    }
    app.add_option_function<std::string>(
        "--log-format",
        [&overrides](const std::string& value) { overrides.push_back("log.format=" + value); },
        "text or json (log.format)");
    app.add_flag("--check-config", check_config,
                 "Says whether the configuration is good, and ends");
    app.add_flag("--check", check,
                 "Says whether the program could run: configuration, database and its schema");
    app.set_version_flag("--version", program + " " LIVECHAT_VERSION);
    app.failure_message([](const CLI::App* failed, const CLI::Error& error) {
        return failed->get_name() + ": " + error.what() + ": see --help\n";
    });
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return {.config = {}, .exit_code = app.exit(error) == 0 ? 0 : 2};
    }

    try {
        Config config = load_config(file, overrides);
        if (check_config) {
            std::cout << file << ": the configuration is good\n";
            return {};
        }
        log::start(program, log::parse_level(config.log.level),
                   log::parse_format(config.log.format));
        for (const auto& key : config.former_keys) {
            log::warning("obsolete_key", {{"key", key}, {"reason", "no longer used: remove it"}});
        }
        return {.config = std::move(config), .check_only = check};
    } catch (const ConfigError& error) {
        std::cerr << program << ": " << error.sentence() << '\n';
        return {.config = {}, .exit_code = 2};
    }
}

}  // namespace livechat
