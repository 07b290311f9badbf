// An accepted connection (TCP or unix socket): bytes in, bytes out, an orderly end. What the bytes
// mean is its handler's business: first HTTP, after an upgrade WebSocket.
#pragma once

#include <asio/basic_stream_socket.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engineio/packet.hpp"
#include "engineio/timed_state.hpp"
#include "transport/loop.hpp"
#include "transport/settings.hpp"

namespace livechat::transport {

class Stream;

class StreamHandler {
  public:
    virtual ~StreamHandler() = default;

    // The bytes are the handler's to change until it returns.
    virtual void on_bytes(std::span<char> bytes) = 0;
    // The peer is gone or half-closed, or the stream failed; no more bytes come. Called once.
    virtual void on_end() = 0;
    // More is queued than the peer may leave unread. The stream drops what is queued.
    virtual void on_overflow() = 0;
    // When the stream is to call on_stream_deadline() unless something else happens first;
    // Time::max(): never. The stream asks after each call of the handler and after each write, and
    // keeps no time of its own.
    virtual Time deadline() const = 0;
    virtual void on_stream_deadline() = 0;
    // Bytes that it keeps because the rest has not come; asked for like the deadline.
    virtual std::size_t held() const { return 0; }
    // All clients together hold too much, and this one most: end it.
    virtual void on_overload() {}
    // After the turn of the event loop in which something was written.
    virtual void on_turn_end() {}
    // The server stops: end soon what no one else ends.
    virtual void on_shutdown() {}
};

class Stream final : public Timed,
                     public Holder,
                     public Deferred,
                     public std::enable_shared_from_this<Stream> {
  public:
    using Socket =
        asio::basic_stream_socket<asio::generic::stream_protocol, asio::io_context::executor_type>;

    // max_queued: bytes the peer may leave unread. The loop is shared because the last callbacks of
    // a stream may run after its server is gone.
    Stream(std::shared_ptr<Loop> loop, Socket socket, std::size_t max_queued);
    ~Stream() override;

    Loop& loop() { return *loop_; }

    // Reads what is there already, at once.
    void start(std::unique_ptr<StreamHandler> handler);
    // The handler there was lives until the current callback has returned.
    void replace_handler(std::unique_ptr<StreamHandler> handler);

    // Queues the bytes; they leave at the end of the turn, together with what else was queued.
    void write(eio::SharedFrame frame);
    std::size_t queued() const { return queued_bytes_; }

    // It stays alive until it reads again, though nothing waits for its socket.
    void pause_reading() { while_paused_ = shared_from_this(); }
    void resume_reading();

    // Writes what is queued, then ends: the peer gets all of it, also when it is still sending.
    void finish();
    // Ends now.
    void abort();
    bool ended() const { return phase_ == Phase::ended; }
    void shut_down();

  private:
    enum class Phase : std::uint8_t { open, finishing, lingering, ended };

    void run_deferred() override { flush(); }
    void enter(Phase phase, Time until = Time::max());
    void settle();
    void give_up() override;
    void on_deadline(Time now) override;
    void wait_readable();
    void wait_writable();
    void read_available();
    void flush();
    bool write_queue();
    void drop_written(std::size_t bytes);
    template <class Call>
    void guarded(Call call);
    void end_of_input();
    void break_off();
    void linger();

    std::shared_ptr<Loop> loop_;
    Socket socket_;
    std::unique_ptr<StreamHandler> handler_;
    std::unique_ptr<StreamHandler> retired_;
    std::vector<eio::SharedFrame> queue_;
    std::size_t queue_head_ = 0;    // frames of queue_ that are written
    std::size_t head_written_ = 0;  // bytes of the frame at queue_head_ that are written
    std::size_t queued_bytes_ = 0;
    std::size_t max_queued_;
    eio::TimedState<Phase> phase_{Phase::open};  // while it is open, the handler has a deadline
    std::shared_ptr<Stream> while_paused_;
    bool waiting_readable_ = false;
    bool waiting_writable_ = false;
    bool overflow_ = false;
    bool overload_ = false;
    bool input_ended_ = false;
};

}  // namespace livechat::transport
