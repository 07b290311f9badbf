#include "prefork/supervisor.hpp"

#include <algorithm>

namespace livechat::prefork {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstDelay{100};
constexpr milliseconds kLongestDelay{5'000};
constexpr milliseconds kGrownUp{1'000};

}  // namespace

milliseconds restart_delay(std::size_t deaths_in_a_row) {
    if (deaths_in_a_row < 2) return milliseconds(0);
    constexpr std::size_t kDoublings = 6;  // 100 ms * 2^6 is over the longest
    return std::min(kFirstDelay * (1 << std::min(deaths_in_a_row - 2, kDoublings)), kLongestDelay);
}

void Supervisor::on_started(Pid pid, TimePoint now) {
    workers_.push_back({pid, generation_, State::starting, now, false});
}

void Supervisor::on_start_failed(TimePoint now) {
    // The system is short of something: unlike after a death, trying again at once is no use.
    deaths_in_a_row_ = std::max<std::size_t>(deaths_in_a_row_, 1);
    note_failure(now);
}

void Supervisor::on_ready(Pid pid) {
    const auto worker = std::ranges::find(workers_, pid, &Worker::pid);
    if (worker != workers_.end() && worker->state == State::starting) worker->state = State::ready;
}

void Supervisor::on_exit(Pid pid, bool clean, TimePoint now) {
    const auto worker = std::ranges::find(workers_, pid, &Worker::pid);
    if (worker == workers_.end()) return;
    // One that goes before it was ever ready is a failure, however politely it goes.
    const bool failed = !worker->asked && (!clean || worker->state == State::starting);
    const bool grown_up = now - worker->since >= kGrownUp;
    workers_.erase(worker);
    if (!failed) return;
    if (grown_up) deaths_in_a_row_ = 0;
    note_failure(now);
}

void Supervisor::on_reload(Policy policy) {
    policy_ = policy;
    ++generation_;
    deaths_in_a_row_ = 0;
    not_before_ = {};
}

void Supervisor::on_stop() { stopping_ = true; }

Steps Supervisor::step(TimePoint now) {
    Steps steps;
    if (stopping_) {
        for (Worker& worker : workers_) {
            if (worker.state != State::starting && worker.state != State::ready) continue;
            ask_to_leave(worker, now);
            steps.drain.push_back(worker.pid);
        }
        steps.finished = workers_.empty();
    } else {
        leave_one(steps, now);
        start_missing(steps, now);
    }
    kill_late(steps, now);
    return steps;
}

std::size_t Supervisor::ready() const {
    return count(State::ready, false) + count(State::ready, true);
}

std::size_t Supervisor::count(State state, bool outdated_ones) const {
    return static_cast<std::size_t>(std::ranges::count_if(workers_, [&](const Worker& worker) {
        return worker.state == state && outdated(worker) == outdated_ones;
    }));
}

void Supervisor::note_failure(TimePoint now) {
    not_before_ = now + restart_delay(++deaths_in_a_row_);
}

void Supervisor::start_missing(Steps& steps, TimePoint now) {
    const std::size_t starting = count(State::starting, false);
    const std::size_t present = starting + count(State::ready, false);
    if (present >= policy_.workers) return;

    std::size_t missing = policy_.workers - present;
    const std::size_t old = count(State::starting, true) + count(State::ready, true);
    if (old > 0 || count(State::leaving, true) > 0) {
        // Replacing: what lacks altogether at once, beyond that one at a time.
        const std::size_t lacking =
            policy_.workers > present + old ? policy_.workers - present - old : 0;
        const bool one_is_under_way = starting > 0 || count(State::leaving, true) > 0;
        missing = std::min(missing, std::max<std::size_t>(lacking, one_is_under_way ? 0 : 1));
    }
    if (missing == 0) return;
    if (now < not_before_) return wake(steps, not_before_);
    steps.start = missing;
}

// Who is of an old generation leaves as soon as a new one stands in for it; who is too many, at
// once.
void Supervisor::leave_one(Steps& steps, TimePoint now) {
    if (count(State::leaving, true) + count(State::leaving, false) > 0) return;

    const std::size_t old = count(State::starting, true) + count(State::ready, true);
    if (count(State::ready, false) + old <= policy_.workers) return;
    const auto worker = std::ranges::find_if(workers_, [&](const Worker& candidate) {
        return outdated(candidate) == (old > 0) &&
               (candidate.state == State::ready || candidate.state == State::starting);
    });
    ask_to_leave(*worker, now);
    steps.retire.push_back(worker->pid);
}

void Supervisor::ask_to_leave(Worker& worker, TimePoint now) {
    worker.state = State::leaving;
    worker.asked = true;
    worker.since = now;
}

void Supervisor::kill_late(Steps& steps, TimePoint now) {
    for (Worker& worker : workers_) {
        if (worker.state != State::leaving && worker.state != State::starting) continue;
        const auto allowed =
            worker.state == State::leaving ? policy_.drain_timeout : policy_.ready_timeout;
        if (now < worker.since + allowed) {
            wake(steps, worker.since + allowed);
        } else {
            worker.state = State::killed;
            steps.kill.push_back(worker.pid);
        }
    }
}

void Supervisor::wake(Steps& steps, TimePoint at) {
    if (!steps.wake_at || at < *steps.wake_at) steps.wake_at = at;
}

}  // namespace livechat::prefork
