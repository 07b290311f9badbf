// What migrations do, done once with a table that is gone afterwards.
#pragma once

#include "db/connection.hpp"

namespace livechat::admin {

// Makes a table as wide as the widest of ours, changes and locks it, makes a trigger, a procedure
// and a function of it, uses them, and removes all of it. So rights, the storage engine, the binary
// log's conditions, page sizes and whether the server takes writes are known before anything of a
// migration has taken effect. MigrationError says what the server refused and what to do.
void rehearse(db::Connection& connection);

}  // namespace livechat::admin
