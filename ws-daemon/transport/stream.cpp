#include "transport/stream.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <utility>

#include "base/log.hpp"

namespace livechat::transport {
namespace {

constexpr std::size_t kMaxParts = 64;                  // of one sendmsg
constexpr std::size_t kKeptCapacity = 8;               // queue slots that an idle connection keeps
constexpr int kReadsInARow = 4;                        // then the others have their turn
constexpr std::chrono::milliseconds kLinger{1000};     // for the peer to close
constexpr std::chrono::milliseconds kFlushTime{5000};  // for it to read what is queued

}  // namespace

Stream::Stream(std::shared_ptr<Loop> loop, Socket socket, std::size_t max_queued)
    : Timed(loop->deadlines()),
      Holder(loop->incoming()),
      loop_(std::move(loop)),
      socket_(std::move(socket)),
      max_queued_(max_queued) {
    loop_->streams().insert(this);
    ++loop_->counters().connections;
    ++loop_->counters().connections_open;
}

Stream::~Stream() {
    // The base classes would look into the loop after it was given back here.
    set_deadline(Time::max());
    hold(0);
    loop_->streams().erase(this);
    --loop_->counters().connections_open;
}

void Stream::start(std::unique_ptr<StreamHandler> handler) {
    handler_ = std::move(handler);
    settle();
    read_available();
}

void Stream::replace_handler(std::unique_ptr<StreamHandler> handler) {
    retired_ = std::exchange(handler_, std::move(handler));
}

void Stream::write(eio::SharedFrame frame) {
    if (phase_ != Phase::open || overflow_) return;
    queued_bytes_ += frame->bytes.size();
    queue_.push_back(std::move(frame));
    if (queued_bytes_ > max_queued_ && !waiting_writable_) write_queue();
    // Who calls may be in the middle of a broadcast: the end comes with the deferred flush.
    if (queued_bytes_ > max_queued_) overflow_ = true;
    loop_->defer(shared_from_this());
}

void Stream::resume_reading() {
    const auto self = std::exchange(while_paused_, nullptr);
    if (self && phase_ == Phase::open && !waiting_readable_) wait_readable();
}

void Stream::shut_down() {
    if (phase_ == Phase::open) handler_->on_shutdown();
}

void Stream::enter(Phase phase, Time until) {
    phase_.enter(phase, until);
    settle();
}

void Stream::settle() {
    const bool open = phase_ == Phase::open;
    set_deadline(open ? handler_->deadline() : phase_.until());
    hold(open ? handler_->held() : 0);
}

void Stream::give_up() {
    overload_ = true;
    loop_->defer(shared_from_this());
}

void Stream::finish() {
    if (phase_ != Phase::open) return;
    const auto self = std::exchange(while_paused_, nullptr);
    enter(Phase::finishing, Loop::now() + kFlushTime);
    loop_->defer(shared_from_this());
    if (!waiting_readable_) wait_readable();
}

void Stream::abort() {
    if (phase_ == Phase::ended) return;
    const auto self = std::exchange(while_paused_, nullptr);
    enter(Phase::ended);
    asio::error_code ignored;
    socket_.close(ignored);
    queue_ = {};
    queued_bytes_ = 0;
}

void Stream::on_deadline(Time) {
    const auto self = shared_from_this();
    if (phase_ != Phase::open) return abort();
    handler_->on_stream_deadline();
    settle();
}

void Stream::wait_readable() {
    waiting_readable_ = true;
    socket_.async_wait(Socket::wait_read,
                       [self = shared_from_this()](const asio::error_code& error) {
                           self->waiting_readable_ = false;
                           if (!error) self->read_available();
                       });
}

void Stream::wait_writable() {
    waiting_writable_ = true;
    socket_.async_wait(Socket::wait_write,
                       [self = shared_from_this()](const asio::error_code& error) {
                           self->waiting_writable_ = false;
                           if (!error) self->flush();
                       });
}

template <class Call>
void Stream::guarded(Call call) {
    try {
        call();
    } catch (const std::exception& error) {
        // One peer's input must never end the program.
        ++loop_->counters().internal_errors;
        log::error("connection_failed", {{"reason", "internal_error"}, {"error", error.what()}});
        break_off();
    }
    retired_.reset();
    settle();
}

void Stream::read_available() {
    for (int i = 0; i < kReadsInARow && phase_ != Phase::ended && !while_paused_; ++i) {
        const auto buffer = loop_->read_buffer();
        const ssize_t got = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
        if (got < 0) return break_off();
        if (got == 0) return end_of_input();
        const auto size = static_cast<std::size_t>(got);
        if (phase_ == Phase::open) {
            guarded([&] { handler_->on_bytes(buffer.first(size)); });
        }
        if (size < buffer.size()) break;
    }
    if (phase_ != Phase::ended && !while_paused_ && !waiting_readable_) wait_readable();
}

// The peer sends no more, but may still read what is queued.
void Stream::end_of_input() {
    input_ended_ = true;
    if (phase_ == Phase::lingering) {
        abort();
    } else if (phase_ == Phase::open) {
        enter(Phase::finishing, Loop::now() + kFlushTime);
        handler_->on_end();
        loop_->defer(shared_from_this());
    }
}

void Stream::break_off() {
    if (phase_ == Phase::open) {
        enter(Phase::finishing);
        handler_->on_end();
    }
    abort();
}

void Stream::flush() {
    if (phase_ == Phase::open && !overflow_) {
        guarded([&] {
            if (std::exchange(overload_, false)) handler_->on_overload();
            handler_->on_turn_end();
        });
    }
    if (phase_ == Phase::ended) return;
    if (overflow_) {
        if (phase_ == Phase::open) {
            enter(Phase::finishing);
            handler_->on_overflow();
        }
        abort();
    } else if (!waiting_writable_ && !write_queue()) {
        break_off();
    } else if (!queue_.empty()) {
        if (!waiting_writable_) wait_writable();
    } else if (phase_ == Phase::finishing) {
        linger();
    }
}

// Writes as much as the socket takes. False: the connection is broken.
bool Stream::write_queue() {
    while (queue_head_ < queue_.size()) {
        std::array<iovec, kMaxParts> parts;
        std::size_t count = 0;
        std::size_t size = 0;
        for (std::size_t i = queue_head_; i < queue_.size() && count < kMaxParts; ++i, ++count) {
            const std::size_t skip = count == 0 ? head_written_ : 0;
            const std::string& bytes = queue_[i]->bytes;
            // sendmsg takes non-const pointers for the sake of recvmsg; it only reads.
            parts[count] = {const_cast<char*>(bytes.data()) + skip, bytes.size() - skip};
            size += bytes.size() - skip;
        }
        msghdr message{};
        message.msg_iov = parts.data();
        message.msg_iovlen = count;
        const ssize_t sent = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
        if (sent < 0) return false;
        drop_written(static_cast<std::size_t>(sent));
        if (static_cast<std::size_t>(sent) < size) return true;
    }
    return true;
}

void Stream::drop_written(std::size_t bytes) {
    queued_bytes_ -= bytes;
    bytes += head_written_;
    while (queue_head_ < queue_.size() && bytes >= queue_[queue_head_]->bytes.size()) {
        bytes -= queue_[queue_head_]->bytes.size();
        queue_[queue_head_].reset();
        ++queue_head_;
    }
    head_written_ = bytes;
    if (queue_head_ < queue_.size()) {
        if (queue_head_ < kMaxParts) return;
        queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(queue_head_));
    } else if (queue_.capacity() > kKeptCapacity) {
        queue_ = {};
    } else {
        queue_.clear();
    }
    queue_head_ = 0;
}

// Closing while the peer still sends would make the kernel reset the connection, and the peer might
// lose the last answer: say that we are done, and read on until it is done too.
void Stream::linger() {
    if (input_ended_) {
        abort();
        return;
    }
    ::shutdown(socket_.native_handle(), SHUT_WR);
    enter(Phase::lingering, Loop::now() + kLinger);
}

}  // namespace livechat::transport
