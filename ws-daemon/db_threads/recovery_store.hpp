// Keeps what broken connections leave behind, and gives it out to those who come back: on one
// thread, many in one commit. What was given before a question is found by it, however soon it is
// asked.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/config.hpp"
#include "base/live.hpp"
#include "db_threads/batch_thread.hpp"
#include "db_threads/loop.hpp"
#include "gateway/backend.hpp"

namespace livechat::db_threads {

class RecoveryStore {
  public:
    // slow: questions that take longer are logged; must outlive it. max_queue: records and
    // questions that may wait.
    RecoveryStore(const DatabaseConfig& database,
                  const Live<std::chrono::milliseconds>& slow,
                  Post post,
                  std::size_t max_queue);

    // It is not reported when it cannot be kept: it costs its client a recovery, nothing else. Any
    // thread.
    void save(db::RecoveryRecord record);

    // See RecoveryService::take. False when too much waits: `done` will not be called. Otherwise it
    // is posted to the event loop. Any thread.
    bool take(std::string pid_hash, gateway::Callback<std::optional<db::RecoveryRecord>> done);

    bool idle() const { return thread_.idle(); }

  private:
    struct Question {
        std::string pid_hash;
        gateway::Callback<std::optional<db::RecoveryRecord>> done;
    };
    using Item = std::variant<db::RecoveryRecord, Question>;

    void work(db::Connection& connection, std::vector<Item> items) const;
    void answer(db::Connection& connection, std::vector<Question> questions) const;

    const Live<std::chrono::milliseconds>& slow_;
    Post post_;
    BatchThread<Item> thread_;
};

}  // namespace livechat::db_threads
