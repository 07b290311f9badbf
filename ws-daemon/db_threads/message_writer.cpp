#include "db_threads/message_writer.hpp"

#include <algorithm>
#include <utility>

#include "chat/chat_service.hpp"
#include "db_threads/outcome.hpp"

namespace livechat::db_threads {

MessageWriter::MessageWriter(const DatabaseConfig& database,
                             const Limits& limits,
                             const WsdConfig& config,
                             Post post,
                             std::function<void()> after_commit)
    : limits_(limits),
      post_(std::move(post)),
      after_commit_(std::move(after_commit)),
      thread_(database,
              {config.writer_queue, config.writer_batch},
              [this](db::Connection& connection, std::vector<Item> items) {
                  write(connection, std::move(items));
              }) {}

bool MessageWriter::submit(NewMessage message, gateway::Callback<Sent> done) {
    return thread_.submit({std::move(message), std::move(done)});
}

void MessageWriter::write(db::Connection& connection, std::vector<Item> items) {
    std::vector<NewMessage> messages;
    std::vector<gateway::Callback<Sent>> callbacks;
    messages.reserve(items.size());
    callbacks.reserve(items.size());
    for (auto& [message, done] : items) {
        messages.push_back(std::move(message));
        callbacks.push_back(std::move(done));
    }

    std::vector<Result<Sent>> answers;
    try {
        answers = ChatService(connection, limits_).send(messages);
        ++figures_.batches;
        figures_.messages += messages.size();
        figures_.largest_batch = std::max<std::uint64_t>(figures_.largest_batch, messages.size());
        after_commit_();
    } catch (const db::Error& error) {
        ++figures_.failures;
        answers.assign(messages.size(), tl::unexpected(failure_of(error, "send")));
    }
    post_([callbacks = std::move(callbacks), answers = std::move(answers)]() mutable {
        for (std::size_t i = 0; i < callbacks.size(); ++i) callbacks[i](std::move(answers[i]));
    });
}

}  // namespace livechat::db_threads
