// Threads with a connection each that run use cases for the event loop, one at a time each, from
// one bounded queue.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/config.hpp"
#include "db/connection.hpp"

namespace livechat::db_threads {

class ReaderPool {
  public:
    // Runs on a thread of the pool and throws nothing.
    using Job = std::function<void(db::Connection&)>;

    ReaderPool(const DatabaseConfig& database, std::size_t threads, std::size_t max_queue);
    // Jobs that have not begun are dropped.
    ~ReaderPool();
    ReaderPool(const ReaderPool&) = delete;
    ReaderPool& operator=(const ReaderPool&) = delete;

    // False when the queue is full: the job will not run. Any thread.
    bool submit(Job job);

    std::size_t waiting() const;
    // Nothing waits and nothing runs.
    bool idle() const;

  private:
    void run();

    const DatabaseConfig database_;
    const std::size_t max_queue_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> queue_;
    std::size_t running_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace livechat::db_threads
