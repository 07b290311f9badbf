#include "chat/retry.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <vector>

namespace livechat::db {

std::ostream& operator<<(std::ostream& out, ErrorKind kind) {
    return out << "kind " << static_cast<int>(kind);
}

}  // namespace livechat::db

namespace livechat {
namespace {

using db::ErrorKind;

// A transaction that fails as told, attempt by attempt, and then succeeds.
class Script {
  public:
    explicit Script(std::vector<ErrorKind> failures) : failures_(std::move(failures)) {}

    int operator()() {
        const std::size_t attempt = attempts_++;
        if (attempt < failures_.size()) {
            throw db::Error(failures_[attempt], static_cast<int>(attempt), "as told");
        }
        return 42;
    }

    std::size_t attempts() const { return attempts_; }

  private:
    std::vector<ErrorKind> failures_;
    std::size_t attempts_ = 0;
};

// The kind that the retry lets through.
ErrorKind kind_thrown(Script& script) {
    try {
        with_retry([&] { return script(); });
    } catch (const db::Error& error) {
        return error.kind();
    }
    throw std::logic_error("nothing was thrown");
}

BOOST_AUTO_TEST_SUITE(retry)

BOOST_AUTO_TEST_CASE(what_succeeds_is_done_once_and_its_result_given_back) {
    Script script({});
    BOOST_TEST(with_retry([&] { return script(); }) == 42);
    BOOST_TEST(script.attempts() == 1u);
}

BOOST_AUTO_TEST_CASE(an_attempt_may_return_nothing_or_what_can_only_be_moved) {
    int attempts = 0;
    with_retry([&] { ++attempts; });
    BOOST_TEST(attempts == 1);
    BOOST_TEST(*with_retry([] { return std::make_unique<int>(7); }) == 7);
}

const std::vector<ErrorKind> kRolledBack{ErrorKind::deadlock, ErrorKind::duplicate};

BOOST_DATA_TEST_CASE(what_was_rolled_back_is_tried_again, kRolledBack, kind) {
    Script script({kind, kind, kind});
    BOOST_TEST(with_retry([&] { return script(); }) == 42);
    BOOST_TEST(script.attempts() == 4u);
}

BOOST_DATA_TEST_CASE(the_eighth_attempt_is_the_last, kRolledBack, kind) {
    Script seven(std::vector<ErrorKind>(7, kind));
    BOOST_TEST(with_retry([&] { return seven(); }) == 42);
    BOOST_TEST(seven.attempts() == 8u);

    Script eight(std::vector<ErrorKind>(8, kind));
    BOOST_TEST(kind_thrown(eight) == kind);
    BOOST_TEST(eight.attempts() == 8u);
}

const std::vector<ErrorKind> kFinal{ErrorKind::in_doubt, ErrorKind::locked, ErrorKind::other};

BOOST_DATA_TEST_CASE(what_may_have_happened_or_will_not_change_is_not_repeated, kFinal, kind) {
    Script script({kind});
    BOOST_TEST(kind_thrown(script) == kind);
    BOOST_TEST(script.attempts() == 1u);
}

BOOST_DATA_TEST_CASE(what_is_final_ends_a_retry_that_is_under_way, kFinal, kind) {
    Script script({ErrorKind::deadlock, kind});
    BOOST_TEST(kind_thrown(script) == kind);
    BOOST_TEST(script.attempts() == 2u);
}

BOOST_AUTO_TEST_CASE(a_connection_that_broke_is_tried_once_more) {
    Script once({ErrorKind::lost});
    BOOST_TEST(with_retry([&] { return once(); }) == 42);
    BOOST_TEST(once.attempts() == 2u);

    Script twice({ErrorKind::lost, ErrorKind::lost});
    BOOST_TEST(kind_thrown(twice) == ErrorKind::lost);
    BOOST_TEST(twice.attempts() == 2u);

    Script between({ErrorKind::lost, ErrorKind::deadlock, ErrorKind::lost});
    BOOST_TEST(kind_thrown(between) == ErrorKind::lost);
    BOOST_TEST(between.attempts() == 3u);
}

BOOST_AUTO_TEST_CASE(the_error_that_is_let_through_is_the_last_one) {
    Script script({ErrorKind::deadlock, ErrorKind::duplicate, ErrorKind::other});
    try {
        with_retry([&] { return script(); });
        BOOST_ERROR("nothing was thrown");
    } catch (const db::Error& error) {
        BOOST_TEST(error.code() == 2);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_database_error_passes_at_once) {
    int attempts = 0;
    BOOST_CHECK_THROW(with_retry([&] {
                          ++attempts;
                          throw std::runtime_error("ours");
                      }),
                      std::runtime_error);
    BOOST_TEST(attempts == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
