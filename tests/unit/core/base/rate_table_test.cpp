#include "base/rate_table.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <string>

namespace livechat {
namespace {

using namespace std::chrono_literals;

const RateTable::Clock::time_point kNow{1'000'000s};
constexpr Rate kFive{.count = 5, .window = 60s};

// How many of `attempts` at that moment are let through.
int taken(RateTable& table,
          const std::string& name,
          int attempts,
          RateTable::Clock::time_point now) {
    int count = 0;
    for (int i = 0; i < attempts; ++i) count += table.take("send", name, kFive, now) ? 0 : 1;
    return count;
}

BOOST_AUTO_TEST_SUITE(rate_table)

BOOST_AUTO_TEST_CASE(a_full_bucket_lets_its_count_through_at_once) {
    auto table = RateTable::shared(64);
    BOOST_TEST(taken(table, "a", 20, kNow) == 5);
    BOOST_TEST(taken(table, "b", 20, kNow) == 5);
}

BOOST_AUTO_TEST_CASE(it_fills_evenly_and_never_beyond_its_count) {
    auto table = RateTable::shared(64);
    taken(table, "a", 5, kNow);
    BOOST_TEST(taken(table, "a", 5, kNow + 11s) == 0);
    BOOST_TEST(taken(table, "a", 5, kNow + 12s) == 1);
    BOOST_TEST(taken(table, "a", 5, kNow + 36s) == 2);
    BOOST_TEST(taken(table, "a", 20, kNow + 1h) == 5);
}

BOOST_AUTO_TEST_CASE(whoever_is_refused_is_told_when_to_come_back) {
    auto table = RateTable::shared(64);
    taken(table, "a", 5, kNow);
    BOOST_TEST(table.take("send", "a", kFive, kNow + 2s).value().count() == 10'000);
    BOOST_TEST(!table.take("send", "a", kFive, kNow + 12s));
}

BOOST_AUTO_TEST_CASE(what_is_refused_costs_nothing) {
    auto table = RateTable::shared(64);
    BOOST_TEST(taken(table, "a", 1'000, kNow) == 5);
    BOOST_TEST(taken(table, "a", 1, kNow + 12s) == 1);
}

BOOST_AUTO_TEST_CASE(each_kind_has_buckets_of_its_own) {
    auto table = RateTable::shared(64);
    taken(table, "a", 5, kNow);
    BOOST_TEST(!table.take("join", "a", kFive, kNow));
}

BOOST_AUTO_TEST_CASE(what_is_given_back_can_be_taken_again) {
    auto table = RateTable::shared(64);
    taken(table, "a", 5, kNow);
    table.give_back("send", "a", kFive);
    BOOST_TEST(!table.peek("send", "a", kFive, kNow));
    BOOST_TEST(taken(table, "a", 5, kNow) == 1);
    BOOST_TEST(table.peek("send", "a", kFive, kNow).has_value());
}

BOOST_AUTO_TEST_CASE(giving_back_to_a_full_bucket_does_not_overfill_it) {
    auto table = RateTable::shared(64);
    for (int i = 0; i < 3; ++i) table.give_back("send", "a", kFive);
    taken(table, "a", 1, kNow);
    for (int i = 0; i < 9; ++i) table.give_back("send", "a", kFive);
    BOOST_TEST(taken(table, "a", 20, kNow) == 5);
}

BOOST_AUTO_TEST_CASE(a_count_of_0_is_no_limit) {
    auto table = RateTable::shared(64);
    for (int i = 0; i < 100; ++i) BOOST_TEST(!table.take("send", "a", Rate{.count = 0}, kNow));
    BOOST_TEST(!table.peek("send", "a", Rate{.count = 0}, kNow));
}

BOOST_AUTO_TEST_CASE(a_table_that_is_full_forgets_whoever_has_used_least) {
    auto table = RateTable::shared(8);
    taken(table, "busy", 5, kNow);
    for (int i = 0; i < 1'000; ++i) taken(table, "name " + std::to_string(i), 1, kNow);
    BOOST_TEST(taken(table, "busy", 5, kNow) == 0);
}

BOOST_AUTO_TEST_CASE(processes_share_their_parents_table) {
    auto table = RateTable::shared(64);
    for (int i = 0; i < 2; ++i) {
        const pid_t child = fork();
        if (child == 0) _exit(taken(table, "a", 2, kNow));
        int status = 0;
        BOOST_REQUIRE(waitpid(child, &status, 0) == child);
        BOOST_TEST(WEXITSTATUS(status) == 2);
    }
    BOOST_TEST(taken(table, "a", 20, kNow) == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
