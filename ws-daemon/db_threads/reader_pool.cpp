#include "db_threads/reader_pool.hpp"

#include <algorithm>
#include <utility>

namespace livechat::db_threads {

ReaderPool::ReaderPool(const DatabaseConfig& database, std::size_t threads, std::size_t max_queue)
    : database_(database),
      max_queue_(max_queue),
      most_writing_(std::max<std::size_t>(threads, 2) - 1) {
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

bool ReaderPool::submit(Job job, Queue queue) {
    {
        const std::lock_guard lock(mutex_);
        auto& jobs = queues_[static_cast<std::size_t>(queue)];
        if (jobs.size() >= max_queue_) return false;
        jobs.push_back(std::move(job));
    }
    wake_.notify_one();
    return true;
}

std::size_t ReaderPool::waiting() const {
    const std::lock_guard lock(mutex_);
    std::size_t jobs = 0;
    for (const auto& queue : queues_) jobs += queue.size();
    return jobs;
}

bool ReaderPool::idle() const {
    const std::lock_guard lock(mutex_);
    return running_ == 0 && std::ranges::all_of(queues_, &std::deque<Job>::empty);
}

std::deque<ReaderPool::Job>* ReaderPool::next_queue() {
    for (auto& queue : queues_) {
        const bool writes = &queue == &queues_[static_cast<std::size_t>(Queue::writes)];
        if (!queue.empty() && (!writes || writing_ < most_writing_)) return &queue;
    }
    return nullptr;
}

void ReaderPool::run() {
    db::Connection connection(database_);
    for (;;) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopping_ || next_queue() != nullptr; });
        if (stopping_) return;
        auto* const queue = next_queue();
        const bool writes = queue == &queues_[static_cast<std::size_t>(Queue::writes)];
        const Job job = std::move(queue->front());
        queue->pop_front();
        ++running_;
        if (writes) ++writing_;
        lock.unlock();
        job(connection);
        lock.lock();
        --running_;
        if (writes) --writing_;
        // Another thread may have passed over a job that writes.
        if (next_queue() != nullptr) wake_.notify_one();
    }
}

}  // namespace livechat::db_threads
