#include "db/error_codes.hpp"

#include <algorithm>
#include <array>

#include "db/statement_timer.hpp"

namespace livechat::db {
namespace {

bool is_between(int code, int first, int last) { return code >= first && code <= last; }

bool is_loss(int code) {
    // The client library's own: CR_… of MySQL and of MariaDB (errmsg.h). Numbers from 5027 on may
    // be a server's.
    if (is_between(code, 2000, 2999) || is_between(code, 5000, 5026)) return true;
    constexpr std::array kServer{
        3,    1021, 1026, 1114,        // the disk is full, or the table
        1040,                          // too many connections
        1053,                          // server shutdown in progress
        1080,                          // forced close
        1152, 1158, 1159, 1160, 1161,  // aborted, or cannot read or write the packets
        1184,                          // new aborted connection
        1243,                          // the prepared statement is gone
        1290,                          // the server is read-only
        1317,                          // interrupted: MySQL shuts down, or ends the connection
        1615,                          // the prepared statement must be prepared again
        1836,                          // read-only mode
        1927,                          // connection was killed
    };
    return std::ranges::find(kServer, code) != kServer.end();
}

}  // namespace

ErrorKind kind_of(int code) {
    constexpr int kDuplicate = 1062;
    constexpr int kLockWaitTimeout = 1205;
    constexpr int kDeadlock = 1213;
    constexpr int kNoWait = 3572;  // MySQL's answer to NOWAIT; MariaDB's is the timeout
    if (code == kDuplicate) return ErrorKind::duplicate;
    if (code == kDeadlock) return ErrorKind::deadlock;
    if (code == kLockWaitTimeout || code == kNoWait) return ErrorKind::locked;
    return is_loss(code) ? ErrorKind::lost : ErrorKind::other;
}

Error counted_error(unsigned code, const char* message) {
    const int number = static_cast<int>(code);
    const auto kind = kind_of(number);
    count_error(kind);
    return {kind, number, message};
}

}  // namespace livechat::db
