// What a database call can fail with. Thrown; caught in the request loop, the wrapper of a database
// job, the retry and main, and where one kind of it is an answer (a held row).
#pragma once

#include <stdexcept>
#include <string>

namespace livechat::db {

enum class ErrorKind {
    lost,  // no connection, or it broke before anything was committed, or the server does not do
           // what we need now: the database is unavailable
    in_doubt,   // the connection broke during a COMMIT, which may or may not have happened
    duplicate,  // a unique key is taken
    deadlock,   // the whole transaction was rolled back and may be tried again
    locked,     // others hold a row or a table for longer than we wait
    too_large,  // the server takes no statement of that size
    other,
};

class Error : public std::runtime_error {
  public:
    // code: the server's or client library's error number (0: none), for log lines.
    Error(ErrorKind kind, int code, const std::string& message)
        : std::runtime_error(message), kind_(kind), code_(code) {}

    ErrorKind kind() const { return kind_; }
    int code() const { return code_; }

  private:
    ErrorKind kind_;
    int code_;
};

// What an administrator is told of an error in a log line: what is the matter, and what to do about
// it where we know. Never quotes a value of a statement, which error.what() may do.
std::string reason_of(const Error& error);

}  // namespace livechat::db
