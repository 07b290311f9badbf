#include "transport/deadlines.hpp"

namespace livechat::transport {

Timed::~Timed() {
    if (position_ != kNowhere) deadlines_->remove(*this);
}

void Timed::set_deadline(Time at) { deadlines_->set(*this, at); }

void Deadlines::run(Time now) {
    // Bounded, so that an owner that asks again for a time that is past cannot hold up everything
    // else.
    for (std::size_t left = heap_.size(); left > 0; --left) {
        if (heap_.empty() || heap_.front()->deadline_ > now) return;
        Timed* due = heap_.front();
        remove(*due);
        due->on_deadline(now);
    }
}

void Deadlines::set(Timed& item, Time at) {
    if (at == Time::max()) {
        remove(item);
        return;
    }
    const bool known = item.position_ != Timed::kNowhere;
    if (known && item.deadline_ == at) return;
    item.deadline_ = at;
    if (!known) {
        heap_.push_back(&item);
        item.position_ = heap_.size() - 1;
    }
    sift_up(item.position_);
    sift_down(item.position_);
    if (heap_.front() == &item) earlier_();
}

void Deadlines::remove(Timed& item) {
    const std::size_t position = item.position_;
    if (position == Timed::kNowhere) return;
    item.position_ = Timed::kNowhere;
    Timed* last = heap_.back();
    heap_.pop_back();
    if (last == &item) return;
    place(last, position);
    sift_up(position);
    sift_down(last->position_);
}

void Deadlines::sift_up(std::size_t position) {
    Timed* item = heap_[position];
    while (position > 0) {
        const std::size_t parent = (position - 1) / 2;
        if (heap_[parent]->deadline_ <= item->deadline_) break;
        place(heap_[parent], position);
        position = parent;
    }
    place(item, position);
}

void Deadlines::sift_down(std::size_t position) {
    Timed* item = heap_[position];
    for (;;) {
        std::size_t child = 2 * position + 1;
        if (child >= heap_.size()) break;
        if (child + 1 < heap_.size() && heap_[child + 1]->deadline_ < heap_[child]->deadline_) {
            ++child;
        }
        if (item->deadline_ <= heap_[child]->deadline_) break;
        place(heap_[child], position);
        position = child;
    }
    place(item, position);
}

void Deadlines::place(Timed* item, std::size_t position) {
    heap_[position] = item;
    item->position_ = position;
}

}  // namespace livechat::transport
