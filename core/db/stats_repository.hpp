// Figures of the whole database, for people. Throws db::Error.
#pragma once

#include <cstdint>
#include <string>

#include "db/connection.hpp"

namespace livechat::db {

struct Stats {
    std::uint64_t active_sessions = 0;
    std::uint64_t closed_sessions = 0;
    std::uint64_t messages = 0;
    std::uint64_t unread_by_agents = 0;
    std::uint64_t unanswered_sessions = 0;   // active ones that hold something unread by agents
    std::uint64_t sessions_of_last_day = 0;  // with a message of the last 24 hours
    std::uint64_t notifications = 0;         // about: from the oldest to the newest one kept
    std::string epoch;
};

class StatsRepository {
  public:
    explicit StatsRepository(Connection& connection) : connection_(connection) {}

    // Reads every row of `session`, none of `message`.
    Stats read();

  private:
    Connection& connection_;
};

}  // namespace livechat::db
