#include "base/memory.hpp"

#include <malloc.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>

namespace livechat {
namespace {

constexpr int kArenas = 2;
constexpr int kLarge = 128 * 1024;       // bytes that get pages of their own, as by default
constexpr int kKeptAtTop = 1024 * 1024;  // free bytes at the end of the heap
constexpr std::size_t kKept = 64 * 1024 * 1024;

std::size_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::size_t pages = 0;
    std::size_t resident = 0;
    if (!(statm >> pages >> resident)) return 0;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

void keep_little_memory() {
    mallopt(M_ARENA_MAX, kArenas);
    // Left alone, both grow up to 64 MB with the largest block that was ever freed.
    mallopt(M_MMAP_THRESHOLD, kLarge);
    mallopt(M_TRIM_THRESHOLD, kKeptAtTop);
}

// A few blocks that are still in use keep the heap from shrinking, however much is free below them.
// What is free may have been given back already: then it is not resident.
void give_memory_back() {
    const auto heap = mallinfo2();
    if (resident_bytes() > heap.uordblks + heap.hblkhd + kKept) malloc_trim(0);
}

}  // namespace livechat
