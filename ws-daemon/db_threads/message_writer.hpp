// Writes the messages that sockets send, many in one commit.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/config.hpp"
#include "base/live.hpp"
#include "chat/message_batch.hpp"
#include "db_threads/batch_thread.hpp"
#include "db_threads/loop.hpp"
#include "domain/types.hpp"
#include "gateway/backend.hpp"

namespace livechat::db_threads {

// For metrics; any thread.
struct WriterFigures {
    // Upper bounds of the sizes by which batches are counted; one more count for larger ones.
    static constexpr std::array<double, 10> kBounds{0, 1, 2, 4, 8, 16, 32, 64, 128, 256};

    void count_batch(std::size_t written);

    std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> batches{};
    std::atomic<std::uint64_t> messages{0};  // in them
    std::atomic<std::uint64_t> failures{0};
    std::atomic<std::uint64_t> held{0};  // times that a message had to wait for a held session
};

class MessageWriter {
  public:
    // slow: batches that take longer are logged. Both must outlive it. after_commit runs on the
    // writer's thread after each batch that was committed.
    MessageWriter(const Config& config,
                  const Live<Limits>& limits,
                  const Live<std::chrono::milliseconds>& slow,
                  Post post,
                  std::function<void()> after_commit);

    // Texts that may wait, in bytes: all that the daemon's senders can make it keep.
    static constexpr std::size_t kMaxWaitingBytes = 64 * 1024 * 1024;

    // False when too many, or too long ones, wait: `done` will not be called. Otherwise it is
    // posted to the event loop. Any thread. Messages of one session are written in the order of
    // these calls.
    bool submit(NewMessage message, gateway::Callback<Sent> done);

    std::size_t waiting() const { return thread_.waiting(); }
    bool idle() const { return thread_.idle(); }
    const WriterFigures& figures() const { return figures_; }

  private:
    using Time = std::chrono::steady_clock::time_point;
    struct Item {
        NewMessage message;
        gateway::Callback<Sent> done;
        Time give_up;  // when its session is still held then, the sender is told
    };

    // Returns the items whose sessions other transactions hold.
    std::vector<Item> write(db::Connection& connection, std::vector<Item> items);

    const Live<Limits>& limits_;
    const std::chrono::seconds patience_;
    const Live<std::chrono::milliseconds>& slow_;
    SessionIds known_ids_;  // the writer's thread only
    std::atomic<std::size_t> waiting_bytes_{0};
    Post post_;
    std::function<void()> after_commit_;
    WriterFigures figures_;
    BatchThread<Item> thread_;
};

}  // namespace livechat::db_threads
