// A word on the command line where a command is expected.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace livechat::admin {

// After a command line that could not be parsed: a sentence that names the word which is no
// command, the nearest one that is, and all that there are. nullopt: that is not what was wrong.
std::optional<std::string> unknown_command(const CLI::App& app);

// Pure: how many letters differ (added, left out, replaced or swapped with the next one).
std::size_t distance(const std::string& one, const std::string& other);

}  // namespace livechat::admin
