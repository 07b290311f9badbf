// What can be wrong with the database.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string_view>

#include "base/config.hpp"
#include "db/connection.hpp"
#include "doctor/finding.hpp"

namespace livechat::admin {

// connection: the programs' own account, which has answered.
Findings check_database(const Config& config,
                        db::Connection& connection,
                        const std::filesystem::path& migrations);

// Pure: what is said of a version ("10.11.6-MariaDB-0+deb12u1", "8.0.36"), and of the two clocks.
Finding judge_version(std::string_view version);
Finding judge_clocks(std::chrono::seconds ours, std::chrono::seconds theirs);

}  // namespace livechat::admin
