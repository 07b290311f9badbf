// Lines to a file descriptor that may stop taking them: a pipe whose reader hangs, a terminal that
// is held. What it does not take at once is dropped and counted, for the program must not wait for
// its log. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace livechat::log {

class LineWriter {
  public:
    // fd: stays the caller's, and keeps its own flags: they belong to others as well.
    explicit LineWriter(int fd);
    ~LineWriter();
    LineWriter(const LineWriter&) = delete;
    LineWriter& operator=(const LineWriter&) = delete;

    // Takes a line with its end, or drops it: false. A line that went out in part is taken, and its
    // rest goes before the next one.
    bool write(std::string_view line);

  private:
    bool write_rest();
    std::size_t write_some(std::string_view bytes) const;

    int fd_;
    int own_fd_ = -1;  // of the same pipe or terminal, and does not block
    bool socket_ = false;
    std::string rest_;
};

}  // namespace livechat::log
