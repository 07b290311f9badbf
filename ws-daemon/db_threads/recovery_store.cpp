#include "db_threads/recovery_store.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "chat/recovery_service.hpp"
#include "db_threads/outcome.hpp"

namespace livechat::db_threads {
namespace {

constexpr std::size_t kBatch = 500;

void keep(db::Connection& connection, const std::vector<db::RecoveryRecord>& records) {
    try {
        RecoveryService(connection).save(records);
    } catch (const db::Error& error) {
        log_failure(error, "save_recovery");
    }
}

}  // namespace

RecoveryStore::RecoveryStore(const DatabaseConfig& database,
                             const Live<std::chrono::milliseconds>& slow,
                             Post post,
                             std::size_t max_queue)
    : slow_(slow),
      post_(std::move(post)),
      thread_(database,
              {max_queue, kBatch},
              [this](db::Connection& connection, std::vector<Item> items) {
                  work(connection, std::move(items));
                  return std::vector<Item>();
              }) {}

void RecoveryStore::save(db::RecoveryRecord record) { thread_.submit(std::move(record)); }

bool RecoveryStore::take(std::string pid_hash,
                         gateway::Callback<std::optional<db::RecoveryRecord>> done) {
    return thread_.submit(Question{std::move(pid_hash), std::move(done)});
}

// What is given before anything is asked: who asked a moment too early is served as well.
void RecoveryStore::work(db::Connection& connection, std::vector<Item> items) const {
    std::vector<db::RecoveryRecord> records;
    std::vector<Question> questions;
    for (auto& item : items) {
        if (auto* record = std::get_if<db::RecoveryRecord>(&item)) {
            records.push_back(std::move(*record));
        } else {
            questions.push_back(std::move(std::get<Question>(item)));
        }
    }
    if (!records.empty()) keep(connection, records);
    if (!questions.empty()) answer(connection, std::move(questions));
}

void RecoveryStore::answer(db::Connection& connection, std::vector<Question> questions) const {
    std::vector<std::string_view> names;
    for (const auto& question : questions) names.emplace_back(question.pid_hash);
    Result<std::vector<db::RecoveryRecord>> taken;
    const SlowJobLog slow("take_recovery", slow_.get());
    try {
        taken = RecoveryService(connection).take(names);
    } catch (const db::Error& error) {
        taken = tl::unexpected(failure_of(error, "take_recovery"));
    }
    for (auto& question : questions) {
        // It travels in a shared_ptr because std::function wants what it holds copyable.
        const auto answer = std::make_shared<Result<std::optional<db::RecoveryRecord>>>();
        if (!taken) {
            *answer = tl::unexpected(taken.error());
        } else if (const auto own =
                       std::ranges::find(*taken, question.pid_hash, &db::RecoveryRecord::pid_hash);
                   own != taken->end()) {
            *answer = std::move(*own);  // others who asked for it here find none
            taken->erase(own);
        }
        post_([done = std::move(question.done), answer] { done(std::move(*answer)); });
    }
}

}  // namespace livechat::db_threads
