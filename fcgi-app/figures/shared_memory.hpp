// An object in memory that a process shares with all that it forks afterwards.
#pragma once

#include <sys/mman.h>

#include <cerrno>
#include <new>
#include <system_error>

namespace livechat::figures {

// T: atomics and what is made of them; it is built once and never destroyed, because no process
// knows who is the last.
template <class T>
class SharedMemory {
  public:
    // Throws std::system_error.
    SharedMemory() {
        void* memory =
            mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
        object_ = new (memory) T();
    }
    ~SharedMemory() { munmap(object_, sizeof(T)); }
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;

    T& operator*() const { return *object_; }
    T* operator->() const { return object_; }

  private:
    T* object_;
};

}  // namespace livechat::figures
