// What a server can do, by the version that it greets with.
#pragma once

#include <string_view>

namespace livechat::db {

// SELECT … FOR UPDATE SKIP LOCKED and NOWAIT: MariaDB 10.6, MySQL 8.0.1. version:
// "10.11.6-MariaDB", "8.0.36", "5.6.24-log"; what cannot be read as one can do nothing.
bool knows_skip_locked(std::string_view version);

}  // namespace livechat::db
