#include "prefork/supervisor.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "prefork/retirement.hpp"

namespace livechat::prefork {
namespace {

using namespace std::chrono_literals;
using Pids = std::vector<Pid>;

// A supervisor with a clock, whose workers get the pids 1, 2, 3 …
struct Fixture {
    Supervisor supervisor;
    TimePoint now{1h};
    Pid last = 0;
    std::vector<Pid> alive;

    explicit Fixture(std::size_t workers = 3) : supervisor(policy(workers)) {}

    static Policy policy(std::size_t workers) {
        return Policy{.workers = workers, .drain_timeout = 10s, .ready_timeout = 30s};
    }

    // One step, and the workers that it asks for; they are not ready yet.
    Steps step() {
        const auto steps = supervisor.step(now);
        for (std::size_t i = 0; i < steps.start; ++i) {
            supervisor.on_started(++last, now);
            alive.push_back(last);
        }
        return steps;
    }
    void ready(Pid pid) { supervisor.on_ready(pid); }
    void exits(Pid pid, bool clean) {
        std::erase(alive, pid);
        supervisor.on_exit(pid, clean, now);
    }
    void run_all() {
        step();
        for (const Pid pid : alive) ready(pid);
        step();
        now += 1min;
    }
};

BOOST_AUTO_TEST_SUITE(supervisor)

BOOST_AUTO_TEST_CASE(all_workers_start_at_once) {
    Fixture f;
    BOOST_TEST(f.step().start == 3u);
    BOOST_TEST(f.supervisor.ready() == 0u);
    f.ready(1);
    f.ready(2);
    BOOST_TEST(f.supervisor.ready() == 2u);
    BOOST_TEST(f.step().start == 0u);
}

BOOST_AUTO_TEST_CASE(with_all_ready_there_is_nothing_to_do_and_nothing_to_wake_for) {
    Fixture f;
    f.run_all();
    const auto steps = f.step();
    BOOST_TEST(steps.start == 0u);
    BOOST_TEST((steps.retire.empty() && steps.drain.empty() && steps.kill.empty()));
    BOOST_TEST(!steps.wake_at.has_value());
    BOOST_TEST(!steps.finished);
}

BOOST_AUTO_TEST_CASE(a_worker_that_dies_is_replaced_at_once) {
    Fixture f;
    f.run_all();
    f.exits(2, false);
    BOOST_TEST(f.step().start == 1u);
}

BOOST_AUTO_TEST_CASE(all_workers_killed_together_are_replaced_at_once) {
    Fixture f;
    f.run_all();
    for (const Pid pid : {1, 2, 3}) f.exits(pid, false);
    BOOST_TEST(f.step().start == 3u);
}

BOOST_AUTO_TEST_CASE(a_worker_that_leaves_by_itself_is_no_failure) {
    Fixture f;
    f.run_all();
    for (int i = 0; i < 100; ++i) {
        f.exits(f.alive.front(), true);
        BOOST_TEST(f.step().start == 1u);
        f.ready(f.last);
    }
}

BOOST_AUTO_TEST_CASE(workers_that_die_young_are_replaced_ever_later) {
    Fixture f(1);
    f.step();
    for (const auto delay : {0ms, 100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms}) {
        f.exits(f.last, false);
        if (delay > 0ms) {
            const auto steps = f.step();
            BOOST_TEST(steps.start == 0u);
            BOOST_TEST(steps.wake_at.has_value());
            BOOST_TEST((*steps.wake_at - f.now == delay));
            f.now += delay;
        }
        BOOST_TEST(f.step().start == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_worker_that_lived_ends_the_row_of_failures) {
    Fixture f(1);
    f.step();
    for (int i = 0; i < 5; ++i) {
        f.exits(f.last, false);
        f.now += 10s;
        f.step();
    }
    f.now += 1s;
    f.exits(f.last, false);
    BOOST_TEST(f.step().start == 1u);
}

BOOST_AUTO_TEST_CASE(a_worker_that_leaves_before_it_was_ready_is_a_failure) {
    Fixture f(1);
    f.step();
    f.exits(1, true);
    f.step();
    f.exits(2, true);
    BOOST_TEST(f.step().start == 0u);
}

BOOST_AUTO_TEST_CASE(a_fork_that_fails_is_tried_again_later) {
    Fixture f(1);
    BOOST_TEST(f.supervisor.step(f.now).start == 1u);
    f.supervisor.on_start_failed(f.now);
    const auto steps = f.supervisor.step(f.now);
    BOOST_TEST(steps.start == 0u);
    BOOST_TEST((steps.wake_at.value() - f.now == 100ms));
    f.now += 100ms;
    BOOST_TEST(f.supervisor.step(f.now).start == 1u);
}

BOOST_AUTO_TEST_CASE(a_worker_that_never_gets_ready_is_killed_and_replaced) {
    Fixture f(1);
    f.step();
    f.now += 29s;
    BOOST_TEST(f.step().kill.empty());
    f.now += 1s;
    BOOST_TEST(f.step().kill == Pids{1}, boost::test_tools::per_element());
    const auto steps = f.step();
    BOOST_TEST(steps.kill.empty());
    BOOST_TEST(steps.start == 1u);
    f.exits(1, false);
    BOOST_TEST(f.step().start == 0u);
}

BOOST_AUTO_TEST_CASE(a_reload_replaces_one_worker_after_another) {
    Fixture f(3);
    f.run_all();
    f.supervisor.on_reload(Fixture::policy(3));
    for (const Pid old : {1, 2, 3}) {
        auto steps = f.step();
        BOOST_TEST(steps.start == 1u);
        BOOST_TEST(steps.retire.empty());
        BOOST_TEST(f.step().start == 0u);

        f.ready(f.last);
        steps = f.step();
        BOOST_TEST(steps.retire == Pids{old}, boost::test_tools::per_element());
        BOOST_TEST(steps.start == 0u);
        BOOST_TEST(f.step().retire.empty());
        f.exits(old, true);
    }
    const auto steps = f.step();
    BOOST_TEST((steps.start == 0u && steps.retire.empty()));
    BOOST_TEST(f.alive == (Pids{4, 5, 6}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_only_worker_leaves_when_its_successor_is_ready) {
    Fixture f(1);
    f.run_all();
    f.supervisor.on_reload(Fixture::policy(1));
    BOOST_TEST(f.step().start == 1u);
    BOOST_TEST(f.step().retire.empty());
    f.ready(2);
    BOOST_TEST(f.step().retire == Pids{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_reload_whose_workers_do_not_start_leaves_the_old_ones_at_work) {
    Fixture f(2);
    f.run_all();
    f.supervisor.on_reload(Fixture::policy(2));
    for (int i = 0; i < 10; ++i) {
        const auto steps = f.step();
        BOOST_TEST(steps.retire.empty());
        if (steps.start == 1) f.exits(f.last, false);
        f.now += 1s;
    }
    BOOST_TEST(f.supervisor.ready() == 2u);
}

BOOST_AUTO_TEST_CASE(an_old_worker_that_dies_during_a_reload_is_replaced_without_waiting) {
    Fixture f(3);
    f.run_all();
    f.supervisor.on_reload(Fixture::policy(3));
    f.step();
    f.exits(1, false);
    f.exits(2, false);
    BOOST_TEST(f.step().start == 1u);
}

BOOST_AUTO_TEST_CASE(a_second_reload_during_the_first_replaces_everybody) {
    Fixture f(2);
    f.run_all();
    f.supervisor.on_reload(Fixture::policy(2));
    f.step();
    f.supervisor.on_reload(Fixture::policy(2));
    for (int i = 0; i < 20; ++i) {
        const auto steps = f.step();
        for (const Pid pid : steps.retire) f.exits(pid, true);
        if (steps.start > 0) f.ready(f.last);
    }
    BOOST_TEST(f.alive.size() == 2u);
    BOOST_TEST(f.alive.front() > 3);
    BOOST_TEST(f.supervisor.ready() == 2u);
}

BOOST_AUTO_TEST_CASE(an_old_worker_that_does_not_leave_is_killed) {
    Fixture f(1);
    f.run_all();
    f.supervisor.on_reload(Fixture::policy(1));
    f.step();
    f.ready(2);
    const auto asked = f.step();
    BOOST_TEST(asked.retire == Pids{1}, boost::test_tools::per_element());
    BOOST_TEST((f.step().wake_at.value() - f.now == 10s));
    f.now += 10s;
    BOOST_TEST(f.step().kill == Pids{1}, boost::test_tools::per_element());
    f.exits(1, false);
    const auto steps = f.step();
    BOOST_TEST((steps.start == 0u && steps.retire.empty() && steps.kill.empty()));
}

BOOST_AUTO_TEST_CASE(a_reload_may_ask_for_more_workers) {
    Fixture f(1);
    f.run_all();
    f.supervisor.on_reload(Fixture::policy(4));
    BOOST_TEST(f.step().start == 3u);
}

BOOST_AUTO_TEST_CASE(a_reload_may_ask_for_fewer_workers) {
    Fixture f(4);
    f.run_all();
    f.supervisor.on_reload(Fixture::policy(1));
    for (int i = 0; i < 20; ++i) {
        const auto steps = f.step();
        for (const Pid pid : steps.retire) f.exits(pid, true);
        if (steps.start > 0) f.ready(f.last);
        BOOST_TEST(f.supervisor.ready() >= 1u);
    }
    BOOST_TEST(f.alive == Pids{5}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(stopping_asks_everybody_and_ends_when_all_are_gone) {
    Fixture f(2);
    f.run_all();
    f.supervisor.on_stop();
    auto steps = f.step();
    BOOST_TEST(steps.drain == (Pids{1, 2}), boost::test_tools::per_element());
    BOOST_TEST(!steps.finished);
    f.exits(1, true);
    steps = f.step();
    BOOST_TEST((steps.start == 0u && steps.drain.empty() && !steps.finished));
    f.exits(2, false);
    steps = f.step();
    BOOST_TEST((steps.finished && steps.start == 0u));
}

BOOST_AUTO_TEST_CASE(stopping_kills_whoever_is_not_gone_in_time) {
    Fixture f(2);
    f.run_all();
    f.supervisor.on_stop();
    BOOST_TEST((f.step().wake_at.value() - f.now == 10s));
    f.exits(1, true);
    f.now += 10s;
    BOOST_TEST(f.step().kill == Pids{2}, boost::test_tools::per_element());
    f.exits(2, false);
    BOOST_TEST(f.step().finished);
}

BOOST_AUTO_TEST_CASE(stopping_before_anybody_was_ready_ends_too) {
    Fixture f(2);
    f.step();
    f.supervisor.on_stop();
    BOOST_TEST(f.step().drain.size() == 2u);
    f.exits(1, true);
    f.exits(2, true);
    BOOST_TEST(f.step().finished);
}

BOOST_AUTO_TEST_CASE(pids_of_others_are_ignored) {
    Fixture f(1);
    f.run_all();
    f.supervisor.on_exit(99, false, f.now);
    f.supervisor.on_ready(98);
    BOOST_TEST(f.supervisor.ready() == 1u);
    BOOST_TEST(f.step().start == 0u);
}

BOOST_AUTO_TEST_CASE(workers_retire_within_a_tenth_of_each_other) {
    bool differ = false;
    for (std::uint64_t pid = 1000; pid < 1100; ++pid) {
        const auto requests = spread_requests(10'000, pid);
        BOOST_TEST((requests >= 9'000 && requests <= 10'000));
        differ |= requests != spread_requests(10'000, 1000);
        BOOST_TEST(spread_requests(0, pid) == 0u);
        BOOST_TEST(spread_requests(1, pid) == 1u);
    }
    BOOST_TEST(differ);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::prefork
