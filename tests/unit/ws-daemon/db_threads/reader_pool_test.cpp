// Who is served first, without a database: a thread's connection connects at its first statement.
#include "db_threads/reader_pool.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <string>
#include <vector>

namespace livechat::db_threads {
namespace {

using namespace std::chrono_literals;
using Queue = ReaderPool::Queue;

// What has run, in this order.
class Record {
  public:
    ReaderPool::Job job(std::string name) {
        return [this, name = std::move(name)](db::Connection&) {
            const std::lock_guard lock(mutex_);
            names_.push_back(name);
            changed_.notify_all();
        };
    }
    // Waits until that many have run.
    std::vector<std::string> names(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, 10s, [&] { return names_.size() >= count; });
        return names_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> names_;
};

// A job that keeps its thread until it is let go.
struct Held {
    std::binary_semaphore begun{0};
    std::binary_semaphore may_end{0};

    ReaderPool::Job job() {
        return [this](db::Connection&) {
            begun.release();
            may_end.acquire();
        };
    }
};

using Names = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(reader_pool)

BOOST_AUTO_TEST_CASE(admission_goes_before_everything_else) {
    Record record;
    Held held;
    ReaderPool pool({}, 1, 10);
    BOOST_TEST(pool.submit(held.job()));
    held.begun.acquire();
    BOOST_TEST(pool.submit(record.job("read"), Queue::ordinary));
    BOOST_TEST(pool.submit(record.job("write"), Queue::writes));
    BOOST_TEST(pool.submit(record.job("admission"), Queue::admission));
    BOOST_TEST(pool.waiting() == 3u);
    held.may_end.release();
    BOOST_TEST(record.names(3) == Names({"admission", "write", "read"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_full_queue_keeps_no_one_out_of_the_others) {
    Record record;
    Held held;
    ReaderPool pool({}, 1, 2);
    BOOST_TEST(pool.submit(held.job()));
    held.begun.acquire();
    BOOST_TEST(pool.submit(record.job("first")));
    BOOST_TEST(pool.submit(record.job("second")));
    BOOST_TEST(!pool.submit(record.job("one too many")));
    BOOST_TEST(pool.submit(record.job("admission"), Queue::admission));
    held.may_end.release();
    BOOST_TEST(record.names(3) == Names({"admission", "first", "second"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_of_several_threads_never_writes) {
    Record record;
    Held first;
    ReaderPool pool({}, 2, 10);
    BOOST_TEST(pool.submit(first.job(), Queue::writes));
    first.begun.acquire();
    BOOST_TEST(pool.submit(record.job("write"), Queue::writes));
    BOOST_TEST(pool.submit(record.job("read"), Queue::ordinary));
    BOOST_TEST(record.names(1) == Names({"read"}), boost::test_tools::per_element());
    first.may_end.release();
    BOOST_TEST(record.names(2) == Names({"read", "write"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_single_thread_writes_as_well) {
    Record record;
    ReaderPool pool({}, 1, 10);
    BOOST_TEST(pool.submit(record.job("write"), Queue::writes));
    BOOST_TEST(record.names(1) == Names({"write"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::db_threads
