// How a Connection counts what it does (figures.hpp).
#pragma once

#include <chrono>

#include "db/error.hpp"

namespace livechat::db {

// One statement, from its construction to its end.
class StatementTimer {
  public:
    StatementTimer() = default;
    ~StatementTimer();
    StatementTimer(const StatementTimer&) = delete;
    StatementTimer& operator=(const StatementTimer&) = delete;

  private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_ = Clock::now();
};

void count_error(ErrorKind kind);

}  // namespace livechat::db
