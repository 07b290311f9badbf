#include "db_threads/database.hpp"

#include <memory>
#include <utility>

#include "chat/access_service.hpp"
#include "chat/ban_service.hpp"
#include "db_threads/outcome.hpp"

namespace livechat::db_threads {
namespace {

constexpr std::size_t kMaxReads = 20'000;  // that wait: a reconnect of all sockets at once fits

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
                   gateway::Callback<T> done) {
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
    if (readers_.submit(std::move(job))) return;
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
                              std::uint64_t limit,
                              gateway::Callback<std::vector<Message>> done) {
    run<std::vector<Message>>(
        "messages_after",
        [this, client_id = std::move(client_id), after, limit](db::Connection& connection) {
            return ChatService(connection, limits_.get()).messages_after(client_id, after, limit);
        },
        std::move(done));
}

void Database::mark_read(std::string client_id, Side reader, gateway::Callback<void> done) {
    run<void>(
        "mark_read",
        [this, client_id = std::move(client_id), reader](db::Connection& connection) {
            return ChatService(connection, limits_.get(), consequences_.committed)
                .mark_read(client_id, reader);
        },
        std::move(done));
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

void Database::identify(std::vector<std::string> token_hashes, gateway::Callback<Principal> done) {
    run<Principal>(
        "identify",
        [this, token_hashes = std::move(token_hashes)](db::Connection& connection) {
            return Principal{AccessService(connection, auth_).refresh(token_hashes)};
        },
        std::move(done));
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
            review.principal.identities = access.refresh(question.token_hashes);
            return review;
        },
        std::move(done));
}

}  // namespace livechat::db_threads
