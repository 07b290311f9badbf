// What can be wrong with the whole of nginx's configuration, as nginx itself reads it (nginx -T).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/config.hpp"
#include "doctor/finding.hpp"
#include "doctor/surroundings_check.hpp"

namespace livechat::admin {

// What is of interest in what `nginx -T` prints.
struct NginxConfiguration {
    std::string first_error;      // a sentence of nginx's own; empty: it takes the configuration
    std::string processes = "1";  // "auto" or a number
    std::uint64_t connections = 512;
    std::optional<std::uint64_t> files;  // worker_rlimit_nofile
    bool ends_workers = false;           // worker_shutdown_timeout
    std::map<std::string, std::string>
        parts;  // of livechat: file name -> its version, "" if it says none
    std::optional<std::uint64_t> body_bytes;  // of livechat's locations
    std::string log;                          // with the format "livechat"
};

// Pure.
NginxConfiguration read_nginx_dump(std::string_view dump);

// Pure. cores: what worker_processes "auto" is.
Findings judge_nginx(const NginxConfiguration& nginx, const Config& config, unsigned cores);

// Pure: whether the newest lines of the log say that most requests come through a proxy that is not
// named to livechat, so that all visitors count as one address.
std::optional<Finding> judge_log(std::string_view lines);

// Asks nginx, and looks into its log. As another user than root it can only say that it did not.
Findings check_nginx_itself(const Config& config, const Surroundings& surroundings);

}  // namespace livechat::admin
