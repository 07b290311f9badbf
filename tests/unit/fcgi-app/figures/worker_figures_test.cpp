#include "figures/worker_figures.hpp"

#include <boost/test/unit_test.hpp>
#include <memory>
#include <vector>

namespace livechat::figures {
namespace {

BOOST_AUTO_TEST_SUITE(worker_figures)

const Time kNoon{std::chrono::hours(12)};
using std::chrono::seconds;

BOOST_AUTO_TEST_CASE(a_worker_is_idle_until_it_has_a_request) {
    const auto figures = std::make_unique<WorkerFigures>();
    WorkerFigures::Place first(*figures, 11);
    WorkerFigures::Place second(*figures, 12);
    second.busy(kNoon, false);
    BOOST_TEST(figures->count().idle == 1u);
    BOOST_TEST(figures->count().busy == 1u);
    second.idle();
    BOOST_TEST(figures->count().idle == 2u);
}

BOOST_AUTO_TEST_CASE(one_that_ended_is_not_counted_whatever_it_was_at) {
    const auto figures = std::make_unique<WorkerFigures>();
    WorkerFigures::Place place(*figures, 11);
    place.busy(kNoon, false);
    figures->remove(11);
    figures->remove(99);
    BOOST_TEST(figures->count().busy == 0u);
    BOOST_TEST(figures->busy_since_before(kNoon + seconds(1)).empty());
}

BOOST_AUTO_TEST_CASE(its_place_is_for_the_next_one) {
    const auto figures = std::make_unique<WorkerFigures>();
    for (int pid = 1; pid < 10'000; ++pid) {
        WorkerFigures::Place place(*figures, pid);
        BOOST_TEST(figures->count().idle == 1u);
        figures->remove(pid);
    }
}

BOOST_AUTO_TEST_CASE(those_that_are_busy_for_long_are_named) {
    const auto figures = std::make_unique<WorkerFigures>();
    WorkerFigures::Place old(*figures, 11);
    WorkerFigures::Place young(*figures, 12);
    WorkerFigures::Place idle(*figures, 13);
    old.busy(kNoon, false);
    young.busy(kNoon + seconds(10), false);
    const std::vector<int> expected{11};
    BOOST_TEST(figures->busy_since_before(kNoon + seconds(5)) == expected);
}

BOOST_AUTO_TEST_CASE(one_worker_is_kept_for_readers_when_all_others_wait_to_write) {
    const auto figures = std::make_unique<WorkerFigures>();
    WorkerFigures::Place one(*figures, 21);
    WorkerFigures::Place two(*figures, 22);
    WorkerFigures::Place own(*figures, 23);
    one.busy(kNoon, true);
    two.busy(kNoon, true);
    BOOST_TEST(!figures->readers_need_one(kNoon + seconds(1)));
    BOOST_TEST(figures->readers_need_one(kNoon + seconds(3)));
    two.busy(kNoon, false);
    BOOST_TEST(!figures->readers_need_one(kNoon + seconds(3)));
}

BOOST_AUTO_TEST_CASE(after_a_write_was_held_others_count_at_once) {
    const auto figures = std::make_unique<WorkerFigures>();
    WorkerFigures::Place one(*figures, 31);
    WorkerFigures::Place own(*figures, 32);
    figures->write_was_held(kNoon);
    BOOST_TEST(!figures->readers_need_one(kNoon + seconds(1)));
    one.busy(kNoon + seconds(1), true);
    BOOST_TEST(figures->readers_need_one(kNoon + seconds(1)));
    one.busy(kNoon + seconds(15), true);
    BOOST_TEST(!figures->readers_need_one(kNoon + seconds(15)));
}

BOOST_AUTO_TEST_CASE(a_worker_that_is_alone_takes_everything) {
    const auto figures = std::make_unique<WorkerFigures>();
    WorkerFigures::Place own(*figures, 41);
    figures->write_was_held(kNoon);
    BOOST_TEST(!figures->readers_need_one(kNoon));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::figures
