#include "base/shared_slots.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <optional>
#include <utility>

namespace livechat {
namespace {

// Exit status of a process that runs `work`.
template <class Work>
int in_a_process(Work work) {
    const pid_t pid = fork();
    if (pid == 0) _exit(work());
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

BOOST_AUTO_TEST_SUITE(shared_slots)

BOOST_AUTO_TEST_CASE(so_many_processes_at_once_get_one_and_the_next_gets_none) {
    SharedSlots slots;
    const auto one = slots.take(2);
    BOOST_TEST(one.has_value());
    const int status = in_a_process([&] {
        const auto other = slots.take(2);
        return other.has_value() && !slots.take(2).has_value() ? 7 : 1;
    });
    BOOST_TEST(status == 7);
}

BOOST_AUTO_TEST_CASE(one_that_is_given_back_is_there_again) {
    SharedSlots slots;
    {
        auto one = slots.take(1);
        BOOST_TEST(one.has_value());
        const auto moved = std::move(one);
        BOOST_TEST(!slots.take(1).has_value());
    }
    BOOST_TEST(slots.take(1).has_value());
}

BOOST_AUTO_TEST_CASE(a_process_that_is_killed_leaves_its_place_to_others) {
    SharedSlots slots;
    in_a_process([&] {
        const auto one = slots.take(1);
        return kill(getpid(), SIGKILL);
    });
    for (int i = 0; i < 3; ++i) BOOST_TEST(slots.take(1).has_value());
}

BOOST_AUTO_TEST_CASE(there_is_at_least_one) {
    SharedSlots slots;
    BOOST_TEST(slots.take(0).has_value());
    const auto all = slots.take(1'000'000);
    BOOST_TEST(all.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
