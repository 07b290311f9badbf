// A few places for work that must not occupy all workers at once, in memory that they share
// because it was mapped before the fork. Each place is a robust mutex
// (pthread_mutexattr_setrobust): the kernel frees the one of a process that ends in the middle,
// however it ends.
#pragma once

#include <pthread.h>

#include <cstddef>
#include <memory>
#include <optional>

namespace livechat {

class SharedSlots {
  public:
    static constexpr std::size_t kMost = 64;

    // Its memory is shared with processes that are forked later. Throws std::bad_alloc.
    SharedSlots();

    // Holds one place until it goes.
    class Slot {
      public:
        Slot(Slot&& other) noexcept : mutex_(other.mutex_) { other.mutex_ = nullptr; }
        Slot& operator=(Slot&&) = delete;
        ~Slot();

      private:
        friend class SharedSlots;
        explicit Slot(pthread_mutex_t* mutex) : mutex_(mutex) {}
        pthread_mutex_t* mutex_;
    };

    // One of the first `most` (at least 1, at most kMost) places; nullopt when all are taken. Does
    // not wait. The thread that takes it gives it back.
    std::optional<Slot> take(std::size_t most);

  private:
    struct Unmap {
        void operator()(pthread_mutex_t* mutexes) const;
    };

    std::unique_ptr<pthread_mutex_t[], Unmap> mutexes_;
};

}  // namespace livechat
