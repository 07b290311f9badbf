// Batches without a database: the thread's connection connects at its first statement, and there is
// none.
#include "db_threads/batch_thread.hpp"

#include <boost/test/unit_test.hpp>
#include <semaphore>
#include <utility>
#include <vector>

namespace livechat::db_threads {
namespace {

// Stops at each batch until the test says what comes back of it: all or nothing.
class Stage {
  public:
    std::vector<int> write(std::vector<int> items) {
        written_ = items;
        entered_.release();
        leave_.acquire();
        return hold_ ? std::move(items) : std::vector<int>();
    }

    std::vector<int> next_batch() {
        entered_.acquire();
        return written_;
    }
    void end_batch(bool hold) {
        hold_ = hold;
        leave_.release();
    }

  private:
    std::counting_semaphore<> entered_{0};
    std::counting_semaphore<> leave_{0};
    std::vector<int> written_;
    bool hold_ = false;
};

BOOST_AUTO_TEST_SUITE(batch_thread)

BOOST_AUTO_TEST_CASE(what_came_back_takes_its_place_also_while_it_is_tried_again) {
    Stage stage;
    BatchThread<int> thread({}, {.queue = 2, .batch = 10},
                            [&stage](db::Connection&, std::vector<int> items) {
                                return stage.write(std::move(items));
                            });

    BOOST_TEST(thread.submit(1));
    BOOST_TEST(stage.next_batch() == std::vector({1}));
    BOOST_TEST(thread.submit(2));
    BOOST_TEST(thread.submit(3));
    BOOST_TEST(!thread.submit(4));
    stage.end_batch(true);

    BOOST_TEST(stage.next_batch() == std::vector({1, 2, 3}));
    BOOST_TEST(thread.waiting() == 1U);
    BOOST_TEST(thread.submit(4));
    BOOST_TEST(!thread.submit(5));
    stage.end_batch(true);

    BOOST_TEST(stage.next_batch() == std::vector({1, 2, 3, 4}));
    BOOST_TEST(thread.waiting() == 3U);
    BOOST_TEST(!thread.submit(5));
    stage.end_batch(true);

    BOOST_TEST(stage.next_batch() == std::vector({1, 2, 3, 4}));
    BOOST_TEST(!thread.submit(5));
    stage.end_batch(false);

    while (!thread.idle()) std::this_thread::yield();
    BOOST_TEST(thread.submit(5));
    BOOST_TEST(stage.next_batch() == std::vector({5}));
    stage.end_batch(false);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::db_threads
