#include "db_threads/reader_pool.hpp"

#include <utility>

namespace livechat::db_threads {

ReaderPool::ReaderPool(const DatabaseConfig& database, std::size_t threads, std::size_t max_queue)
    : database_(database), max_queue_(max_queue) {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

ReaderPool::~ReaderPool() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_) thread.join();
}

bool ReaderPool::submit(Job job) {
    {
        const std::lock_guard lock(mutex_);
        if (queue_.size() >= max_queue_) return false;
        queue_.push_back(std::move(job));
    }
    wake_.notify_one();
    return true;
}

std::size_t ReaderPool::waiting() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
}

bool ReaderPool::idle() const {
    const std::lock_guard lock(mutex_);
    return queue_.empty() && running_ == 0;
}

void ReaderPool::run() {
    db::Connection connection(database_);
    for (;;) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;
        const Job job = std::move(queue_.front());
        queue_.pop_front();
        ++running_;
        lock.unlock();
        job(connection);
        lock.lock();
        --running_;
    }
}

}  // namespace livechat::db_threads
