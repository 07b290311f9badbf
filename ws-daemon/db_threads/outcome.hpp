// Database failures as what a client is told of them.
#pragma once

#include <chrono>
#include <string_view>

#include "base/log.hpp"
#include "db/error.hpp"
#include "domain/failure.hpp"

namespace livechat::db_threads {

// job: what failed.
inline void log_failure(const db::Error& error, std::string_view job) {
    log::warning("database_failed",
                 {{"job", job}, {"code", error.code()}, {"reason", db::reason_of(error)}});
}

// A job that took `slow` or longer is worth a line. 0: none is.
class SlowJobLog {
  public:
    SlowJobLog(std::string_view job, std::chrono::milliseconds slow) : job_(job), slow_(slow) {}
    ~SlowJobLog() {
        const auto time =
            std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start_);
        if (slow_.count() == 0 || time < slow_) return;
        log::warning("slow_job", {{"job", job_}, {"ms", time.count()}});
    }
    SlowJobLog(const SlowJobLog&) = delete;
    SlowJobLog& operator=(const SlowJobLog&) = delete;

  private:
    using Clock = std::chrono::steady_clock;
    std::string_view job_;
    std::chrono::milliseconds slow_;
    Clock::time_point start_ = Clock::now();
};

// Logs the failure and says how it looks from outside.
[[nodiscard]] inline Failure failure_of(const db::Error& error, std::string_view job) {
    log_failure(error, job);
    switch (error.kind()) {
        case db::ErrorKind::other:
        case db::ErrorKind::duplicate:
            return {ErrorCode::internal, "internal error"};
        case db::ErrorKind::locked:
        case db::ErrorKind::deadlock:
            return {ErrorCode::busy, "others hold what this needs; try again"};
        case db::ErrorKind::too_large:
            return {ErrorCode::message_too_long, "the database takes no message of this length"};
        case db::ErrorKind::lost:
        case db::ErrorKind::in_doubt:
            break;
    }
    return {ErrorCode::unavailable, "the database is not available; try again"};
}

}  // namespace livechat::db_threads
