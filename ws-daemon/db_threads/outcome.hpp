// Database failures as what a client is told of them.
#pragma once

#include <string_view>

#include "base/log.hpp"
#include "db/error.hpp"
#include "domain/failure.hpp"

namespace livechat::db_threads {

// job: what failed.
inline void log_failure(const db::Error& error, std::string_view job) {
    log::warning("database_failed",
                 {{"job", job}, {"code", error.code()}, {"reason", error.what()}});
}

// Logs the failure and says how it looks from outside.
[[nodiscard]] inline Failure failure_of(const db::Error& error, std::string_view job) {
    log_failure(error, job);
    if (error.kind() == db::ErrorKind::other) return {ErrorCode::internal, "internal error"};
    return {ErrorCode::unavailable, "the database is not available; try again"};
}

}  // namespace livechat::db_threads
