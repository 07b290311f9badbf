// What can be wrong around the programs: files, sockets, nginx, limits of the system.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/config.hpp"
#include "doctor/finding.hpp"

namespace livechat::admin {

inline constexpr const char* kNginx = "/etc/nginx";

struct Surroundings {
    std::filesystem::path config_file;
    std::filesystem::path nginx = kNginx;
    std::filesystem::path proc = "/proc";
    std::string web_user = "www-data";
};

// Secrets that others may read, and settings that are not safe.
Findings check_configuration(const Config& config, const Surroundings& surroundings);
// Whether the programs answer where the configuration says, and nginx's user may ask them.
Findings check_sockets(const Config& config, const Surroundings& surroundings);
Finding check_nginx(const Surroundings& surroundings);
// Of the daemons that run.
Findings check_file_limits(const Config& config, const Surroundings& surroundings);

// Pure: the soft limit of open files in the text of /proc/PID/limits.
std::optional<std::uint64_t> open_files_limit(std::string_view limits);

}  // namespace livechat::admin
