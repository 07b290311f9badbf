// A thread that asks the database again and again whether all is well there, so that a caller
// us gets an answer at once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "chat/readiness.hpp"

namespace livechat {

class DatabaseWatch {
  public:
    // every: between two questions.
    DatabaseWatch(DatabaseConfig config, std::chrono::milliseconds every);
    ~DatabaseWatch();
    DatabaseWatch(const DatabaseWatch&) = delete;
    DatabaseWatch& operator=(const DatabaseWatch&) = delete;

    struct Seen {
        DatabaseCheck check;
        std::chrono::milliseconds age;  // since it was found
    };
    // The newest answer; before the first one: unreachable. Any thread, never waits.
    Seen seen() const;

  private:
    using Clock = std::chrono::steady_clock;

    void run();
    void note(DatabaseCheck check);

    const DatabaseConfig config_;
    const std::chrono::milliseconds every_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    DatabaseCheck check_{DatabaseState::unreachable, "the database has not answered yet"};
    Clock::time_point checked_ = Clock::now();
    bool known_ = false;  // there was an answer
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace livechat
