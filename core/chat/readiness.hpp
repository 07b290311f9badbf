// Whether the database is there and is what this version works with: asked at the start, by --check
// and, again and again, for /readyz.
#pragma once

#include <string>

#include "base/config.hpp"
#include "db/connection.hpp"

namespace livechat {

enum class DatabaseState {
    good,
    unreachable,  // may come back by itself
    wrong,        // an administrator has to act
};

struct DatabaseCheck {
    DatabaseState state = DatabaseState::good;
    std::string reason;  // what is wrong and what to do, in one sentence; empty when nothing is
};

// Throws nothing and writes nothing. Takes as long as the connection's timeouts allow.
DatabaseCheck check_database(db::Connection& connection);

// The same on a connection of its own that waits for no longer than two seconds. Not in a process
// that is to fork afterwards.
DatabaseCheck check_database_once(DatabaseConfig config);

}  // namespace livechat
