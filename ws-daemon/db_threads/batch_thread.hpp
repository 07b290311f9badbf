// A thread with a database connection that writes items in batches. Batches form themselves: while
// one commits, the next items gather, and the next write takes them all. At rest an item waits for
// nothing, and under load the price of a commit is shared.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/config.hpp"
#include "db/connection.hpp"

namespace livechat::db_threads {

struct BatchLimits {
    std::size_t queue;  // items that may wait
    std::size_t batch;  // items in one write
};

template <class Item>
class BatchThread {
  public:
    // Runs on the thread, throws nothing. Returns items that could not be written yet: they come
    // again, before newer ones, after a short pause or together with the next that are submitted.
    using Write = std::function<std::vector<Item>(db::Connection&, std::vector<Item>)>;

    BatchThread(const DatabaseConfig& database, BatchLimits limits, Write write)
        : database_(database),
          limits_(limits),
          write_(std::move(write)),
          thread_([this] { run(); }) {}

    // Returns when everything that was queued has been through write().
    ~BatchThread() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_one();
        thread_.join();
    }
    BatchThread(const BatchThread&) = delete;
    BatchThread& operator=(const BatchThread&) = delete;

    // False, and the item is gone, when the queue is full. Items are written in the order of these
    // calls. Any thread.
    bool submit(Item item) {
        {
            const std::lock_guard lock(mutex_);
            if (count_waiting() >= limits_.queue) return false;
            queue_.push_back(std::move(item));
        }
        wake_.notify_one();
        return true;
    }

    std::size_t waiting() const {
        const std::lock_guard lock(mutex_);
        return count_waiting();
    }

    // Nothing waits and nothing is being written.
    bool idle() const {
        const std::lock_guard lock(mutex_);
        return queue_.empty() && again_.empty() && !writing_;
    }

  private:
    static constexpr std::chrono::milliseconds kPause{5};

    void run() {
        db::Connection connection(database_);
        const auto woken = [this] { return stopping_ || !queue_.empty(); };
        std::unique_lock lock(mutex_);
        for (;;) {
            if (again_.empty()) {
                wake_.wait(lock, woken);
            } else {
                wake_.wait_for(lock, kPause, [this] { return !queue_.empty(); });
            }
            if (queue_.empty() && again_.empty()) return;
            auto items = take();
            writing_ = true;
            lock.unlock();
            auto left = write_(connection, std::move(items));
            lock.lock();
            writing_ = false;
            trying_again_ = 0;
            again_ = std::move(left);
        }
    }

    // What came back still waits while it is tried again. Otherwise each try would make room for a
    // queue more.
    std::size_t count_waiting() const { return queue_.size() + again_.size() + trying_again_; }

    std::vector<Item> take() {
        auto items = std::exchange(again_, {});
        trying_again_ = items.size();
        const auto count = std::min(queue_.size(), limits_.batch);
        const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
        items.insert(items.end(), std::make_move_iterator(queue_.begin()),
                     std::make_move_iterator(end));
        queue_.erase(queue_.begin(), end);
        return items;
    }

    const DatabaseConfig database_;
    const BatchLimits limits_;
    const Write write_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Item> queue_;
    std::vector<Item> again_;       // came back from write_, older than the queue
    std::size_t trying_again_ = 0;  // of those that are being written
    bool writing_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace livechat::db_threads
