// Option files of the mariadb and mysql clients (/etc/mysql/debian.cnf, ~/.my.cnf), as far as they
// say how to reach a server: socket, host, port, user and password of [client], and database of
// [mysql].
#pragma once

#include <filesystem>
#include <string_view>

#include "base/config.hpp"

namespace livechat::admin {

// What the file does not say is as in DatabaseConfig, the user is root. A socket goes before a
// host. Stop for a file that cannot be read.
DatabaseConfig read_option_file(const std::filesystem::path& file);

// The same of its text. Pure.
DatabaseConfig parse_option_file(std::string_view text);

}  // namespace livechat::admin
