// What a database server can be set to that hurts, and that no session can undo for itself
// (core/db/session_settings undoes the rest). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "db/session_settings.hpp"
#include "doctor/finding.hpp"

namespace livechat::admin {

struct ServerSettings {
    db::Variables variables;                // SHOW GLOBAL VARIABLES
    std::uint64_t account_connections = 0;  // the account's own limit; 0: none
    std::vector<std::string> refused;       // of the session: "NAME = VALUE"
};

// Only what is wrong, or worth knowing.
Findings judge_settings(const ServerSettings& settings, const Config& config);

}  // namespace livechat::admin
