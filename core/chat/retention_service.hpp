// Removing whole conversations in which no one has written for long. Throws db::Error as
// ChatService does.
#pragma once

#include <cstdint>
#include <functional>

#include "db/connection.hpp"
#include "db/retention_repository.hpp"

namespace livechat {

struct Purged {
    std::uint64_t sessions = 0;
    std::uint64_t messages = 0;
};

class RetentionService {
  public:
    explicit RetentionService(db::Connection& connection) : connection_(connection) {}

    std::uint64_t count(const db::Retention& retention);

    // Small transactions, of whole sessions each, so that the live chat hardly notices and a run
    // that breaks off is taken up by the next. A session that gets a message meanwhile stays;
    // so does one that another transaction holds. done: told what was removed so far.
    Purged purge(const db::Retention& retention,
                 const std::function<void(const Purged&)>& done = {});

    // Removes conversations that visitors have opened so many days ago and that never got a
    // message; returns how many. Tokens that own nothing else end 30 days later.
    std::uint64_t purge_empty(std::uint64_t days);

  private:
    void purge(const db::Retention& retention,
               SessionStatus status,
               Purged& purged,
               const std::function<void(const Purged&)>& done);

    db::Connection& connection_;
};

}  // namespace livechat
