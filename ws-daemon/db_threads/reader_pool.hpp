// Threads with a connection each that run use cases for the event loop, one at a time each, from
// bounded queues: what decides who may come in and stay goes before everything else, so that people
// who are inside and ask for much keep no one out.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
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

    // In the order in which they are served. One thread never takes a job that writes, if there are
    // several: where others keep tables locked, all that write wait, and reading goes on.
    enum class Queue : std::uint8_t { admission, writes, ordinary };

    // max_queue: jobs that may wait in each queue.
    ReaderPool(const DatabaseConfig& database, std::size_t threads, std::size_t max_queue);
    // Jobs that have not begun are dropped.
    ~ReaderPool();
    ReaderPool(const ReaderPool&) = delete;
    ReaderPool& operator=(const ReaderPool&) = delete;

    // False when the queue is full: the job will not run. Any thread.
    bool submit(Job job, Queue queue = Queue::ordinary);

    std::size_t waiting() const;
    // Nothing waits and nothing runs.
    bool idle() const;

  private:
    void run();
    // The queue whose turn it is; none when nothing waits that may begin.
    std::deque<Job>* next_queue();

    const DatabaseConfig database_;
    const std::size_t max_queue_;
    const std::size_t most_writing_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::array<std::deque<Job>, 3> queues_;  // by Queue
    std::size_t writing_ = 0;
    std::size_t running_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace livechat::db_threads
