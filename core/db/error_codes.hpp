// What an error number of the server or of the client library means for us: one table, which the
// programs, their log lines and livechat-admin go by. The numbers are those of mysqld_error.h and
// errmsg.h, which no other file includes.
#pragma once

#include <cstdint>
#include <string_view>

#include "db/error.hpp"

namespace livechat::db {

// What several numbers have in common, for those who say more about it than this table.
enum class Cause : std::uint8_t {
    unnamed,
    refused_account,  // the password is wrong, or there is no such account
    no_database,      // none of that name, or none that the account may use
    other_schema,     // a table, column or routine is not the one of this program
    missing_right,
    full_disk,
    outdated_system_tables,  // no procedure can be called
};

struct KnownError {
    int code;
    ErrorKind kind;
    // What is the matter, and what to do about it; empty where the number says it all.
    std::string_view what;
    std::string_view advice;
    Cause cause = Cause::unnamed;
};

// nullptr: a number that says nothing to us. message: the server's, because 1290 has many causes.
const KnownError* find_known_error(int code, std::string_view message);

// Numbers that mean "there is no database to talk to now" are `lost`, all that are not known are
// `other`. in_doubt is not a matter of the number alone, but of the statement.
ErrorKind kind_of(int code, std::string_view message = {});

// The server takes no writes, and another one may have taken its place.
bool is_of_read_only_server(const Error& error);

Cause cause_of(int code);

// The connection is of no use after such an error, whatever kind it is of: the server closes it, or
// its prepared statements are of an older schema. MariaDB 10.11 goes on answering 1146 to an INSERT
// that was prepared before its table got a trigger that writes to a new table.
bool ends_connection(int code);

// What a CREATE or an ALTER makes is there already, or what a DROP removes is not there.
bool is_made_or_gone_already(int code);

// The server's "unknown error", by which proxies refuse what they do not pass on.
bool is_of_proxy(int code);

bool is_syntax_error(int code);

// An Error of that number, counted in figures().
Error counted_error(unsigned code, const char* message);

}  // namespace livechat::db
