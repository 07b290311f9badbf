#include "figures/worker_figures.hpp"

namespace livechat::figures {

WorkerFigures::Place::Place(WorkerFigures& figures, int pid) {
    for (Slot& slot : figures.slots_) {
        int nobody = 0;
        if (!slot.pid.compare_exchange_strong(nobody, pid)) continue;
        slot_ = &slot;
        idle();
        return;
    }
}

void WorkerFigures::Place::busy(Time now) {
    if (slot_) slot_->busy_since.store(now.time_since_epoch().count(), std::memory_order_relaxed);
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

}  // namespace livechat::figures
