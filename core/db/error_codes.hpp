// What an error number of the server or of the client library means for us.
#pragma once

#include "db/error.hpp"

namespace livechat::db {

// Numbers that mean "there is no database to talk to" are `lost`, all that are not known are
// `other`. in_doubt is not a matter of the number, but of the statement.
ErrorKind kind_of(int code);

// An Error of that number, counted in figures().
Error counted_error(unsigned code, const char* message);

}  // namespace livechat::db
