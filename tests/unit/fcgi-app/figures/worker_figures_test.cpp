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
    second.busy(kNoon);
    BOOST_TEST(figures->count().idle == 1u);
    BOOST_TEST(figures->count().busy == 1u);
    second.idle();
    BOOST_TEST(figures->count().idle == 2u);
}

BOOST_AUTO_TEST_CASE(one_that_ended_is_not_counted_whatever_it_was_at) {
    const auto figures = std::make_unique<WorkerFigures>();
    WorkerFigures::Place place(*figures, 11);
    place.busy(kNoon);
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
    old.busy(kNoon);
    young.busy(kNoon + seconds(10));
    const std::vector<int> expected{11};
    BOOST_TEST(figures->busy_since_before(kNoon + seconds(5)) == expected);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::figures
