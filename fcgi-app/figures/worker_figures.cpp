#include "figures/worker_figures.hpp"

namespace livechat::figures {
namespace {

constexpr std::chrono::seconds kHeldLately{10};
// A write that takes longer waits for something.
constexpr std::chrono::seconds kLong{2};

}  // namespace

WorkerFigures::Place::Place(WorkerFigures& figures, int pid) {
    for (Slot& slot : figures.slots_) {
        int free = 0;
        if (!slot.pid.compare_exchange_strong(free, pid)) continue;
        slot_ = &slot;
        const auto place = static_cast<std::size_t>(&slot - figures.slots_.data()) + 1;
        auto places = figures.places_.load();
        while (places < place && !figures.places_.compare_exchange_weak(places, place)) {
        }
        idle();
        return;
    }
}

void WorkerFigures::Place::busy(Time now, bool writes) {
    if (!slot_) return;
    slot_->writes.store(writes, std::memory_order_relaxed);
    slot_->busy_since.store(now.time_since_epoch().count(), std::memory_order_relaxed);
}

void WorkerFigures::Place::idle() {
    if (slot_) slot_->busy_since.store(0, std::memory_order_relaxed);
}

void WorkerFigures::remove(int pid) {
    for (Slot& slot : slots_) {
        if (slot.pid.load() != pid) continue;
        slot.busy_since = 0;
        slot.pid = 0;
        return;
    }
}

WorkerFigures::Count WorkerFigures::count() const {
    Count count;
    for (const Slot& slot : slots_) {
        if (slot.pid.load() == 0) continue;
        ++(slot.busy_since.load() == 0 ? count.idle : count.busy);
    }
    return count;
}

std::vector<int> WorkerFigures::busy_since_before(Time limit) const {
    std::vector<int> pids;
    for (const Slot& slot : slots_) {
        const auto since = slot.busy_since.load();
        const int pid = slot.pid.load();
        if (pid != 0 && since != 0 && since < limit.time_since_epoch().count()) pids.push_back(pid);
    }
    return pids;
}

bool WorkerFigures::readers_need_one(Time now) const {
    const auto ticks = [](Time time) { return time.time_since_epoch().count(); };
    const auto held = held_at_.load(std::memory_order_relaxed);
    const bool held_lately = held != 0 && ticks(now - kHeldLately) < held;
    std::size_t present = 0;
    std::size_t waiting = 0;
    for (std::size_t i = 0; i < places_.load(std::memory_order_relaxed); ++i) {
        const Slot& slot = slots_[i];
        if (slot.pid.load(std::memory_order_relaxed) == 0) continue;
        ++present;
        const auto since = slot.busy_since.load(std::memory_order_relaxed);
        if (since == 0 || !slot.writes.load(std::memory_order_relaxed)) continue;
        if (held_lately || since < ticks(now - kLong)) ++waiting;
    }
    return present > 1 && waiting + 1 >= present;
}

}  // namespace livechat::figures
