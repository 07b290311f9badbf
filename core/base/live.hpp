// A value that one thread replaces while others read it: what a reload changes.
#pragma once

#include <mutex>
#include <utility>

namespace livechat {

template <class T>
class Live {
  public:
    explicit Live(T value) : value_(std::move(value)) {}

    // A copy. Any thread.
    T get() const {
        const std::lock_guard lock(mutex_);
        return value_;
    }
    void set(T value) {
        const std::lock_guard lock(mutex_);
        value_ = std::move(value);
    }

  private:
    mutable std::mutex mutex_;
    T value_;
};

}  // namespace livechat
