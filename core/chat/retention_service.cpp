#include "chat/retention_service.hpp"

#include <optional>
#include <vector>

#include "chat/retry.hpp"

namespace livechat {
namespace {

// In one transaction: so many sessions, or fewer with so many messages; a longer one goes alone.
constexpr std::size_t kSessions = 100;
constexpr std::uint64_t kMessages = 1000;

}  // namespace

std::uint64_t RetentionService::count(const db::Retention& retention) {
    return with_retry([&] { return db::RetentionRepository(connection_).count(retention); });
}

Purged RetentionService::purge(const db::Retention& retention,
                               const std::function<void(const Purged&)>& done) {
    Purged purged;
    purge(retention, SessionStatus::closed, purged, done);
    if (!retention.closed_only) purge(retention, SessionStatus::active, purged, done);
    return purged;
}

std::uint64_t RetentionService::purge_empty(std::uint64_t days) {
    db::RetentionRepository repository(connection_);
    std::uint64_t removed = 0;
    for (const auto status : {SessionStatus::active, SessionStatus::closed}) {
        for (;;) {
            const auto ids = with_retry([&] { return repository.empty(status, days, kSessions); });
            if (ids.empty()) break;
            const auto gone = with_retry([&] {
                db::Transaction transaction(connection_);
                const auto empty = repository.lock_empty(ids);
                if (!empty.empty()) {
                    repository.shorten_tokens(empty);
                    repository.remove(empty);
                }
                transaction.commit();
                return empty.size();
            });
            removed += gone;
            if (gone == 0) break;  // being written to: left to the next run
        }
    }
    return removed;
}

void RetentionService::purge(const db::Retention& retention,
                             SessionStatus status,
                             Purged& purged,
                             const std::function<void(const Purged&)>& done) {
    db::RetentionRepository repository(connection_);
    std::optional<db::ListPosition> position;
    for (;;) {
        const auto oldest =
            with_retry([&] { return repository.oldest(retention, status, kSessions, position); });
        if (oldest.empty()) return;
        std::vector<db::SessionId> ids;
        std::uint64_t messages = 0;
        for (const auto& session : oldest) {
            if (!ids.empty() && messages + session.messages > kMessages) break;
            messages += session.messages;
            ids.push_back(session.position.id);
            position = session.position;
        }
        try {
            const auto removed = with_retry([&] {
                db::Transaction transaction(connection_);
                const auto aged = repository.lock_aged(retention, ids);
                Purged part{aged.size(), 0};
                if (!aged.empty()) part.messages = repository.remove(aged);
                transaction.commit();
                return part;
            });
            purged.sessions += removed.sessions;
            purged.messages += removed.messages;
        } catch (const db::Error& error) {
            if (error.kind() != db::ErrorKind::locked) throw;  // held by another: the next run's
        }
        if (done) done(purged);
    }
}

}  // namespace livechat
