#include "transport/incoming.hpp"

#include <algorithm>

namespace livechat::transport {

Holder::~Holder() {
    if (held_ > 0) incoming_->set(*this, 0);
}

void Holder::hold(std::size_t bytes) {
    if (bytes != held_) incoming_->set(*this, bytes);
}

void Incoming::set(Holder& holder, std::size_t bytes) {
    held_ = held_ - holder.held_ + bytes;
    holder.held_ = bytes;
    if (bytes == 0) {
        holders_.erase(&holder);
    } else {
        holders_.insert(&holder);
    }
    while (held_ > limit_) {
        Holder& most = largest();
        set(most, 0);
        most.give_up();
    }
}

// Looks at all of them: that comes once for each connection that is ended.
Holder& Incoming::largest() const {
    return **std::ranges::max_element(holders_, {}, [](const Holder* one) { return one->held_; });
}

}  // namespace livechat::transport
