#include "base/shared_slots.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <new>

namespace livechat {
namespace {

constexpr std::size_t kBytes = SharedSlots::kMost * sizeof(pthread_mutex_t);

bool lock(pthread_mutex_t& mutex) {
    const int error = pthread_mutex_trylock(&mutex);
    // Its holder has ended. What it was at is of no use to anyone else.
    if (error == EOWNERDEAD) return pthread_mutex_consistent(&mutex) == 0;
    return error == 0;
}

}  // namespace

SharedSlots::SharedSlots() {
    void* memory = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    mutexes_.reset(static_cast<pthread_mutex_t*>(memory));
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    for (std::size_t i = 0; i < kMost; ++i) pthread_mutex_init(&mutexes_[i], &attributes);
    pthread_mutexattr_destroy(&attributes);
}

void SharedSlots::Unmap::operator()(pthread_mutex_t* mutexes) const { munmap(mutexes, kBytes); }

SharedSlots::Slot::~Slot() {
    if (mutex_) pthread_mutex_unlock(mutex_);
}

std::optional<SharedSlots::Slot> SharedSlots::take(std::size_t most) {
    most = std::clamp<std::size_t>(most, 1, kMost);
    for (std::size_t i = 0; i < most; ++i) {
        if (lock(mutexes_[i])) return Slot(&mutexes_[i]);
    }
    return std::nullopt;
}

}  // namespace livechat
