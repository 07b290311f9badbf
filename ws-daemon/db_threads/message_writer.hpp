// Writes the messages that sockets send. Batches form themselves: while one INSERT commits, the
// next messages gather, and the next INSERT takes them all in one commit. At rest a message waits
// for nothing, and under load the price of a commit is shared.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/config.hpp"
#include "chat/chat_service.hpp"
#include "db_threads/loop.hpp"
#include "gateway/backend.hpp"

namespace livechat::db_threads {

// For metrics; any thread.
struct WriterFigures {
    std::atomic<std::uint64_t> batches{0};
    std::atomic<std::uint64_t> messages{0};
    std::atomic<std::uint64_t> largest_batch{0};
    std::atomic<std::uint64_t> failures{0};
};

class MessageWriter {
  public:
    // after_commit runs on the writer's thread after each batch that was committed.
    MessageWriter(const DatabaseConfig& database,
                  const Limits& limits,
                  const WsdConfig& config,
                  Post post,
                  std::function<void()> after_commit);
    // Writes what is queued, unless the database is away.
    ~MessageWriter();
    MessageWriter(const MessageWriter&) = delete;
    MessageWriter& operator=(const MessageWriter&) = delete;

    // False when the queue is full: `done` will not be called. Otherwise it is posted to the event
    // loop. Any thread. Messages of one session are written in the order of these calls.
    bool submit(NewMessage message, gateway::Callback<Sent> done);

    std::size_t waiting() const;
    const WriterFigures& figures() const { return figures_; }

  private:
    using Done = gateway::Callback<Sent>;

    void run();
    void write(ChatService& service, std::vector<NewMessage> messages, std::vector<Done> callbacks);

    const DatabaseConfig database_;
    const Limits& limits_;
    const std::size_t max_queue_;
    const std::size_t max_batch_;
    Post post_;
    std::function<void()> after_commit_;
    WriterFigures figures_;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<NewMessage> messages_;
    std::deque<Done> callbacks_;  // one for each message
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace livechat::db_threads
