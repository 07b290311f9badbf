#include "db_threads/database.hpp"

#include <memory>
#include <utility>

#include "chat/access_service.hpp"
#include "chat/ban_service.hpp"
#include "db_threads/outcome.hpp"

namespace livechat::db_threads {
namespace {

constexpr std::size_t kMaxReads = 20'000;  // that wait: a reconnect of all sockets at once fits
constexpr std::size_t kMaxMarks = 256;     // of one room and side that wait for one answer

Failure busy() { return {ErrorCode::busy, "too much is waiting for the database; try again"}; }

}  // namespace

Database::Database(const Config& config, Post post, Consequences consequences)
    : limits_(config.limits),
      auth_(config.auth),
      slow_(config.log.slow_request),
      post_(std::move(post)),
      consequences_(std::move(consequences)),
      readers_(config.database, config.wsd.reader_threads, kMaxReads),
      writer_(config, limits_, slow_, post_, consequences_.committed),
      recovery_(config.database, slow_, post_, kMaxReads) {}

void Database::send(NewMessage message, gateway::Callback<Sent> done) {
    if (writer_.submit(std::move(message), done)) return;
    post_([done = std::move(done)] { done(tl::unexpected(busy())); });
}

template <class T>
void Database::run(const char* name,
                   std::function<Result<T>(db::Connection&)> use_case,
                   gateway::Callback<T> done,
                   ReaderPool::Queue queue) {
    auto job = [this, name, use_case = std::move(use_case), done](db::Connection& connection) {
        // The result travels in a shared_ptr because std::function wants what it holds copyable.
        std::shared_ptr<Result<T>> result;
        const SlowJobLog slow(name, slow_.get());
        try {
            result = std::make_shared<Result<T>>(use_case(connection));
        } catch (const db::Error& error) {
            result = std::make_shared<Result<T>>(tl::unexpected(failure_of(error, name)));
        }
        post_([done, result] { done(std::move(*result)); });
    };
    if (readers_.submit(std::move(job), queue)) return;
    post_([done = std::move(done)] { done(tl::unexpected(busy())); });
}

void Database::view_room(std::string client_id,
                         std::optional<Seq> after,
                         gateway::Callback<RoomView> done) {
    run<RoomView>(
        "view_room",
        [this, client_id = std::move(client_id), after](db::Connection& connection) {
            return ChatService(connection, limits_.get()).view_room(client_id, after);
        },
        std::move(done));
}

void Database::messages_after(std::string client_id,
                              Seq after,
                              db::PageBounds bounds,
                              gateway::Callback<db::MessagePage> done) {
    run<db::MessagePage>(
        "messages_after",
        [this, client_id = std::move(client_id), after, bounds](db::Connection& connection) {
            return ChatService(connection, limits_.get()).messages_after(client_id, after, bounds);
        },
        std::move(done));
}

// One at a time for each room and side. Those that come meanwhile are one more, behind it: what was
// written after the first began is marked by the second.
void Database::mark_read(std::string client_id, Side reader, gateway::Callback<void> done) {
    ReadMark mark{std::move(client_id), reader};
    const auto [place, first] = marking_.try_emplace(mark);
    if (!first && place->second.size() >= kMaxMarks) {
        return post_([done = std::move(done)] { done(tl::unexpected(busy())); });
    }
    if (!first) return place->second.push_back(std::move(done));
    start_marking(std::move(mark), {std::move(done)});
}

void Database::start_marking(ReadMark mark, std::vector<gateway::Callback<void>> waiting) {
    run<void>(
        "mark_read",
        [this, mark](db::Connection& connection) {
            return ChatService(connection, limits_.get(), consequences_.committed)
                .mark_read(mark.first, mark.second);
        },
        [this, mark, waiting = std::move(waiting)](const Result<void>& result) {
            if (auto next = std::exchange(marking_[mark], {}); next.empty()) {
                marking_.erase(mark);
            } else {
                start_marking(mark, std::move(next));
            }
            for (const auto& done : waiting) done(result);
        },
        ReaderPool::Queue::writes);
}

void Database::save_recovery(db::RecoveryRecord record) { recovery_.save(std::move(record)); }

void Database::take_recovery(std::string pid_hash,
                             gateway::Callback<std::optional<db::RecoveryRecord>> done) {
    if (recovery_.take(std::move(pid_hash), done)) return;
    post_([done = std::move(done)] { done(tl::unexpected(busy())); });
}

void Database::missed(std::vector<db::RecoveryRoom> rooms,
                      Standing standing,
                      Standing feed,
                      gateway::Callback<std::optional<Missed>> done) {
    run<std::optional<Missed>>(
        "missed",
        [rooms = std::move(rooms), standing = std::move(standing),
         feed = std::move(feed)](db::Connection& connection) {
            return RecoveryService(connection).missed(rooms, standing, feed);
        },
        std::move(done));
}

void Database::news_after(std::string client_id,
                          db::NotificationId after,
                          gateway::Callback<std::optional<RoomNews>> done) {
    run<std::optional<RoomNews>>(
        "news_after",
        [client_id = std::move(client_id), after](db::Connection& connection) {
            return RecoveryService(connection).news_after(client_id, after);
        },
        std::move(done));
}

void Database::identify(std::vector<std::string> token_hashes,
                        gateway::Callback<gateway::Proof> done) {
    run<gateway::Proof>(
        "identify",
        [this, token_hashes = std::move(token_hashes)](db::Connection& connection) {
            return gateway::Proof(token_hashes,
                                  AccessService(connection, auth_).refresh(token_hashes));
        },
        std::move(done), ReaderPool::Queue::admission);
}

void Database::review(gateway::ReviewQuestion question, gateway::Callback<gateway::Review> done) {
    run<gateway::Review>(
        "review",
        [this, question = std::move(question)](db::Connection& connection) {
            const Limits limits = limits_.get();
            AccessService access(connection, auth_);
            BanService bans(connection, limits);
            gateway::Review review;
            review.ended_tokens = access.revoked_within(question.within);
            review.bans_version = bans.version();
            if (review.bans_version != question.bans_version) {
                review.bans.emplace(bans.list(), std::chrono::steady_clock::now());
            }
            review.proof = {question.token_hashes, access.refresh(question.token_hashes)};
            return review;
        },
        std::move(done), ReaderPool::Queue::admission);
}

}  // namespace livechat::db_threads
