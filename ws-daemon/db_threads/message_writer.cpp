#include "db_threads/message_writer.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "db/connection.hpp"
#include "db_threads/outcome.hpp"

namespace livechat::db_threads {
namespace {

template <class T>
std::vector<T> take_front(std::deque<T>& queue, std::size_t count) {
    const auto end = queue.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<T> taken(std::make_move_iterator(queue.begin()), std::make_move_iterator(end));
    queue.erase(queue.begin(), end);
    return taken;
}

}  // namespace

MessageWriter::MessageWriter(const DatabaseConfig& database,
                             const Limits& limits,
                             const WsdConfig& config,
                             Post post,
                             std::function<void()> after_commit)
    : database_(database),
      limits_(limits),
      max_queue_(config.writer_queue),
      max_batch_(config.writer_batch),
      post_(std::move(post)),
      after_commit_(std::move(after_commit)),
      thread_([this] { run(); }) {}

MessageWriter::~MessageWriter() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

bool MessageWriter::submit(NewMessage message, Done done) {
    {
        const std::lock_guard lock(mutex_);
        if (messages_.size() >= max_queue_) return false;
        messages_.push_back(std::move(message));
        callbacks_.push_back(std::move(done));
    }
    wake_.notify_one();
    return true;
}

std::size_t MessageWriter::waiting() const {
    const std::lock_guard lock(mutex_);
    return messages_.size();
}

void MessageWriter::run() {
    const db::ThreadScope scope;
    db::Connection connection(database_);
    ChatService service(connection, limits_);
    for (;;) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopping_ || !messages_.empty(); });
        if (messages_.empty()) return;
        const std::size_t count = std::min(messages_.size(), max_batch_);
        auto messages = take_front(messages_, count);
        auto callbacks = take_front(callbacks_, count);
        lock.unlock();
        write(service, std::move(messages), std::move(callbacks));
    }
}

void MessageWriter::write(ChatService& service,
                          std::vector<NewMessage> messages,
                          std::vector<Done> callbacks) {
    std::vector<Result<Sent>> answers;
    try {
        answers = service.send(messages);
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
