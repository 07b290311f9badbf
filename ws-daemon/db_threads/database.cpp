#include "db_threads/database.hpp"

#include <memory>
#include <utility>

#include "db_threads/outcome.hpp"

namespace livechat::db_threads {
namespace {

constexpr std::size_t kMaxReads = 20'000;  // that wait: a reconnect of all sockets at once fits

Failure busy() { return {ErrorCode::busy, "too much is waiting for the database; try again"}; }

}  // namespace

Database::Database(const Config& config, Post post, Consequences consequences)
    : post_(std::move(post)),
      consequences_(std::move(consequences)),
      readers_(config.database, config.limits, config.wsd.reader_threads, kMaxReads),
      writer_(config.database, config.limits, config.wsd, post_, consequences_.committed) {}

void Database::send(NewMessage message, gateway::Callback<Sent> done) {
    if (writer_.submit(std::move(message), done)) return;
    post_([done = std::move(done)] { done(tl::unexpected(busy())); });
}

template <class T>
void Database::run(const char* name,
                   std::function<Result<T>(ChatService&)> use_case,
                   gateway::Callback<T> done) {
    auto job = [this, name, use_case = std::move(use_case), done](ChatService& service) {
        // The result travels in a shared_ptr because std::function wants what it holds copyable.
        std::shared_ptr<Result<T>> result;
        try {
            result = std::make_shared<Result<T>>(use_case(service));
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
        [client_id = std::move(client_id), after](ChatService& service) {
            return service.view_room(client_id, after);
        },
        std::move(done));
}

void Database::messages_after(std::string client_id,
                              Seq after,
                              std::uint64_t limit,
                              gateway::Callback<std::vector<Message>> done) {
    run<std::vector<Message>>(
        "messages_after",
        [client_id = std::move(client_id), after, limit](ChatService& service) {
            return service.messages_after(client_id, after, limit);
        },
        std::move(done));
}

void Database::mark_read(std::string client_id, Side reader, gateway::Callback<void> done) {
    run<void>(
        "mark_read",
        [this, client_id = std::move(client_id), reader](ChatService& service) {
            auto result = service.mark_read(client_id, reader);
            if (result) consequences_.committed();
            return result;
        },
        std::move(done));
}

}  // namespace livechat::db_threads
