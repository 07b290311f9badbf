// Whether the triggers that conversations live by do their work. An account without the right
// TRIGGER cannot see them; so this writes a conversation, looks at what became of it, and rolls it
// back.
#pragma once

#include <string>
#include <vector>

#include "db/connection.hpp"

namespace livechat::db {

// The names of those that did nothing. Throws db::Error.
std::vector<std::string> find_idle_triggers(Connection& connection);

}  // namespace livechat::db
