#include "chat/database_watch.hpp"

#include <utility>

#include "base/log.hpp"

namespace livechat {

DatabaseWatch::DatabaseWatch(DatabaseConfig config, std::chrono::milliseconds every)
    : config_(std::move(config)), every_(every), thread_([this] { run(); }) {}

DatabaseWatch::~DatabaseWatch() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

DatabaseWatch::Seen DatabaseWatch::seen() const {
    const std::lock_guard lock(mutex_);
    return {check_, std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - checked_)};
}

void DatabaseWatch::run() {
    db::Connection connection(config_);
    for (;;) {
        note(check_database(connection));
        std::unique_lock lock(mutex_);
        if (wake_.wait_for(lock, every_, [this] { return stopping_; })) return;
    }
}

void DatabaseWatch::note(DatabaseCheck check) {
    const bool good = check.state == DatabaseState::good;
    const std::lock_guard lock(mutex_);
    const bool was_good = check_.state == DatabaseState::good;
    if (known_ && good && !was_good) log::info("database_good");
    if (known_ && !good && was_good) {
        log::warning("database_check_failed", {{"reason", check.reason}});
    }
    check_ = std::move(check);
    checked_ = Clock::now();
    known_ = true;
}

}  // namespace livechat
