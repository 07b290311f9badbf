// SQL of removing conversations after their time. Throws db::Error.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "db/session_repository.hpp"

namespace livechat::db {

// No one has written for this long.
struct Retention {
    std::uint64_t days = 0;
    bool closed_only = false;
};

struct AgedSession {
    ListPosition position;
    std::uint64_t messages = 0;
};

// What was written in the last 24 hours.
struct Growth {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;  // of their rows, by the average of all
};

class RetentionRepository {
  public:
    explicit RetentionRepository(Connection& connection) : connection_(connection) {}

    std::uint64_t count(const Retention& retention);
    Growth last_day();

    // The oldest of one status, at most `limit`, behind `after`.
    std::vector<AgedSession> oldest(const Retention& retention,
                                    SessionStatus status,
                                    std::uint64_t limit,
                                    const std::optional<ListPosition>& after);

    // Within a transaction: takes the locks of those of `ids` that are still as old, and returns
    // them.
    std::vector<SessionId> lock_aged(const Retention& retention, std::span<const SessionId> ids);
    // Of sessions that visitors without a signature have opened, those that are so old and in which
    // no message was ever written, the oldest of one status.
    std::vector<SessionId> empty(SessionStatus status, std::uint64_t days, std::uint64_t limit);
    // Within a transaction: takes the locks of those that are still empty, and returns them.
    std::vector<SessionId> lock_empty(std::span<const SessionId> ids);
    // Tokens that own one of these and nothing else are good for 30 more days.
    void shorten_tokens(std::span<const SessionId> ids);

    // With all that belongs to them; returns how many messages.
    std::uint64_t remove(std::span<const SessionId> ids);

  private:
    Connection& connection_;
};

}  // namespace livechat::db
