// What all connections of a server share on its one thread: the timer, the read buffer, and the
// list of those that have something to write when the current turn of the event loop ends.
#pragma once

#include <array>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <memory>
#include <span>
#include <unordered_set>
#include <vector>

#include "transport/deadlines.hpp"
#include "transport/incoming.hpp"
#include "transport/settings.hpp"

namespace livechat::transport {

// Something to be done once at the end of the turn, however often it was asked for.
class Deferred {
  public:
    virtual ~Deferred() = default;

  private:
    friend class Loop;
    virtual void run_deferred() = 0;
    bool pending_ = false;
};

class Stream;

class Loop : public std::enable_shared_from_this<Loop> {
  public:
    // max_incoming: bytes that all clients together may make us hold, see incoming.hpp.
    explicit Loop(asio::io_context& io, std::size_t max_incoming = Settings().max_incoming);

    asio::io_context& io() { return io_; }
    Deadlines& deadlines() { return deadlines_; }
    Counters& counters() { return counters_; }
    Incoming& incoming() { return incoming_; }
    static Time now() { return std::chrono::steady_clock::now(); }

    // Bytes are read into it and handled before the next read: idle connections hold no buffer.
    std::span<char> read_buffer() { return read_buffer_; }

    // All that exist.
    std::unordered_set<Stream*>& streams() { return streams_; }

    void defer(std::shared_ptr<Deferred> what);
    // No more timer; what is deferred already still runs.
    void stop();

  private:
    void run_deferred();
    void arm();
    void on_timer();

    asio::io_context& io_;
    asio::steady_timer timer_;
    Time armed_for_ = Time::max();
    Deadlines deadlines_;
    Counters counters_;
    Incoming incoming_;
    std::unordered_set<Stream*> streams_;
    std::vector<std::shared_ptr<Deferred>> deferred_;
    std::array<char, 64 * 1024> read_buffer_;
};

}  // namespace livechat::transport
