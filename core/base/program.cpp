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
    bool check_only = false;
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
    app.add_flag("--check-config", check_only, "Says whether the configuration is good, and ends");
    app.set_version_flag("--version", program + " " LIVECHAT_VERSION);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return {std::nullopt, app.exit(error) == 0 ? 0 : 2};
    }

    try {
        Config config = load_config(file, overrides);
        if (check_only) {
            std::cout << file << ": the configuration is good\n";
            return {std::nullopt, 0};
        }
        log::start(program, log::parse_level(config.log.level));
        return {std::move(config), 0};
    } catch (const ConfigError& error) {
        std::cerr << program << ": " << error.what() << '\n';
        return {std::nullopt, 2};
    }
}

}  // namespace livechat
