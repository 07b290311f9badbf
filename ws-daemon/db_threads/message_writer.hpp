// Writes the messages that sockets send, many in one commit.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/config.hpp"
#include "db_threads/batch_thread.hpp"
#include "db_threads/loop.hpp"
#include "domain/types.hpp"
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

    // False when too many wait: `done` will not be called. Otherwise it is posted to the event
    // loop. Any thread. Messages of one session are written in the order of these calls.
    bool submit(NewMessage message, gateway::Callback<Sent> done);

    std::size_t waiting() const { return thread_.waiting(); }
    const WriterFigures& figures() const { return figures_; }

  private:
    struct Item {
        NewMessage message;
        gateway::Callback<Sent> done;
    };

    void write(db::Connection& connection, std::vector<Item> items);

    const Limits& limits_;
    Post post_;
    std::function<void()> after_commit_;
    WriterFigures figures_;
    BatchThread<Item> thread_;
};

}  // namespace livechat::db_threads
