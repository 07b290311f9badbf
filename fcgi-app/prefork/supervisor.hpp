// What the master of a pre-forking server decides: how many workers to start and when, whom to ask
// to leave, whom to kill. Pure: it is told of events with their time and says what to do;
// master.cpp forks and signals.
//
// A dead worker is replaced at once; when deaths follow each other quickly, ever later. A reload
// replaces one worker after another: a new one must be ready before an old one is asked to leave,
// and the old one gone before the next. A new configuration that cannot even start a worker
// therefore leaves the old ones at work.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace livechat::prefork {

using TimePoint = std::chrono::steady_clock::time_point;
using Pid = int;

struct Policy {
    std::size_t workers = 4;
    std::chrono::milliseconds drain_timeout{10'000};  // between asking to leave and killing
    std::chrono::milliseconds ready_timeout{30'000};  // between starting and killing one that hangs
};

// How soon the n-th worker in a row that died young is replaced: at once, then after 100 ms, 200
// ms, …, at most 5 s. One that lived for 1 s ends the row.
std::chrono::milliseconds restart_delay(std::size_t deaths_in_a_row);

// What to do now. Start workers first, then signal.
struct Steps {
    std::size_t start = 0;    // fork so many; tell each by on_started or on_start_failed
    std::vector<Pid> retire;  // ask to leave: others accept
    std::vector<Pid> drain;   // ask to leave: no one accepts any more
    std::vector<Pid> kill;
    bool finished = false;             // stopped, and no worker is left
    std::optional<TimePoint> wake_at;  // call step() then, if nothing happens before
};

class Supervisor {
  public:
    explicit Supervisor(Policy policy) : policy_(policy) {}

    void on_started(Pid pid, TimePoint now);
    void on_start_failed(TimePoint now);
    void on_ready(Pid pid);  // it accepts requests
    // clean: it left by itself, as it does after its number of requests. Unknown pids are ignored.
    void on_exit(Pid pid, bool clean, TimePoint now);
    void on_reload(Policy policy);
    void on_stop();

    // To be called after every event, until it has nothing more to start or to signal.
    Steps step(TimePoint now);

    // Workers that accept requests.
    std::size_t ready() const;

  private:
    enum class State : std::uint8_t { starting, ready, leaving, killed };

    struct Worker {
        Pid pid;
        std::uint64_t generation;
        State state;
        TimePoint since;  // asked to leave, or started
        bool asked;       // to leave: its end is no failure
    };

    bool outdated(const Worker& worker) const { return worker.generation != generation_; }
    std::size_t count(State state, bool outdated_ones) const;
    void note_failure(TimePoint now);
    void start_missing(Steps& steps, TimePoint now);
    void leave_one(Steps& steps, TimePoint now);
    static void ask_to_leave(Worker& worker, TimePoint now);
    void kill_late(Steps& steps, TimePoint now);
    static void wake(Steps& steps, TimePoint at);

    Policy policy_;
    std::vector<Worker> workers_;
    std::uint64_t generation_ = 0;
    std::size_t deaths_in_a_row_ = 0;
    TimePoint not_before_{};  // no start before
    bool stopping_ = false;
};

}  // namespace livechat::prefork
