#include "transport/loop.hpp"

#include <asio/post.hpp>

namespace livechat::transport {

Loop::Loop(asio::io_context& io, std::size_t max_incoming)
    : io_(io), timer_(io), deadlines_([this] { arm(); }), incoming_(max_incoming) {}

void Loop::defer(std::shared_ptr<Deferred> what) {
    if (what->pending_) return;
    what->pending_ = true;
    deferred_.push_back(std::move(what));
    if (deferred_.size() == 1)
        asio::post(io_, [self = shared_from_this()] { self->run_deferred(); });
}

void Loop::run_deferred() {
    // What runs may defer more (a session's answer makes its connection write): same turn.
    for (std::size_t i = 0; i < deferred_.size(); ++i) {
        const auto what = std::move(deferred_[i]);
        what->pending_ = false;
        what->run_deferred();
    }
    deferred_.clear();
}

void Loop::arm() {
    const Time next = deadlines_.next();
    // Waking up once too early is cheaper than cancelling the timer for each later deadline.
    if (next >= armed_for_) return;
    armed_for_ = next;
    timer_.expires_at(next);
    timer_.async_wait([weak = weak_from_this()](const asio::error_code& error) {
        const auto self = weak.lock();
        if (!error && self) self->on_timer();
    });
}

void Loop::on_timer() {
    deadlines_.run(now());
    armed_for_ = Time::max();
    arm();
}

void Loop::stop() { timer_.cancel(); }

}  // namespace livechat::transport
