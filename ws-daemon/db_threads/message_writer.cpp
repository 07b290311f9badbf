#include "db_threads/message_writer.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "chat/chat_service.hpp"
#include "db_threads/outcome.hpp"

namespace livechat::db_threads {

MessageWriter::MessageWriter(const Config& config,
                             const Live<Limits>& limits,
                             const Live<std::chrono::milliseconds>& slow,
                             Post post,
                             std::function<void()> after_commit)
    : limits_(limits),
      patience_(config.database.lock_timeout),
      slow_(slow),
      post_(std::move(post)),
      after_commit_(std::move(after_commit)),
      thread_(config.database,
              {config.wsd.writer_queue, config.wsd.writer_batch},
              [this](db::Connection& connection, std::vector<Item> items) {
                  return write(connection, std::move(items));
              }) {}

void WriterFigures::count_batch(std::size_t written) {
    const auto bound = std::ranges::lower_bound(kBounds, static_cast<double>(written));
    ++batches[static_cast<std::size_t>(bound - kBounds.begin())];
    messages += written;
}

bool MessageWriter::submit(NewMessage message, gateway::Callback<Sent> done) {
    const auto give_up = std::chrono::steady_clock::now() + patience_;
    const auto bytes = message.text.size();
    if (waiting_bytes_ + bytes > kMaxWaitingBytes) return false;
    waiting_bytes_ += bytes;
    if (thread_.submit({std::move(message), std::move(done), give_up})) return true;
    waiting_bytes_ -= bytes;
    return false;
}

std::vector<MessageWriter::Item> MessageWriter::write(db::Connection& connection,
                                                      std::vector<Item> items) {
    std::vector<NewMessage> messages;
    messages.reserve(items.size());
    for (auto& item : items) messages.push_back(std::move(item.message));

    const SlowJobLog slow("send", slow_.get());
    std::vector<std::optional<Result<Sent>>> answers;
    const Limits limits = limits_.get();
    try {
        answers = ChatService(connection, limits, after_commit_).try_send(messages, known_ids_);
    } catch (const db::Error& error) {
        ++figures_.failures;
        answers.assign(messages.size(), Result<Sent>(tl::unexpected(failure_of(error, "send"))));
    }

    std::vector<Item> held;
    std::vector<std::pair<gateway::Callback<Sent>, Result<Sent>>> done;
    done.reserve(items.size());
    const auto now = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < items.size(); ++i) {
        const bool waits = !answers[i] && now < items[i].give_up;
        if (!waits) waiting_bytes_ -= messages[i].text.size();
        if (answers[i]) {
            done.emplace_back(std::move(items[i].done), *std::move(answers[i]));
        } else if (!waits) {
            done.emplace_back(std::move(items[i].done),
                              fail(ErrorCode::busy, "another transaction holds this conversation"));
        } else {
            items[i].message = std::move(messages[i]);
            held.push_back(std::move(items[i]));
        }
    }
    figures_.count_batch(done.size());
    figures_.held += held.size();
    post_([done = std::move(done)]() mutable {
        for (auto& [callback, answer] : done) callback(std::move(answer));
    });
    return held;
}

}  // namespace livechat::db_threads
