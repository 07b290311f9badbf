// Joining a room in whatever order the database, the feed and the client go on: each message comes
// once, and in its order.
#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "stage.hpp"

namespace livechat::gateway {
namespace {

using Seqs = std::vector<Seq>;
using boost::test_tools::per_element;

Limits pages_of(std::size_t messages) {
    Limits limits;
    limits.history_limit = messages;
    return limits;
}

// A view of room c; notification ids are ten times the seq (Stage::publish).
RoomView view_of(Seq last_seq, db::MessagePage page) {
    return {last_seq, last_seq * 10, std::move(page)};
}

// A conversation whose database, feed and socket go on at their own pace, one step at a time.
class Conversation {
    template <class Calls>
    auto take(Calls& calls) {
        const auto which = calls.begin() + static_cast<std::ptrdiff_t>(below(calls.size()));
        auto call = std::move(*which);
        calls.erase(which);
        return call;
    }

  public:
    Conversation(unsigned seed, std::size_t page) : stage_(pages_of(page)), random_(seed) {}

    std::size_t below(std::size_t n) { return random_() % n; }

    void commit() { ++committed_; }
    void feed() {
        if (published_ < committed_) stage_.publish("c", ++published_);
    }
    // The database reads for one of the calls that wait, in any order, and the loop gets to know of
    // it some time later.
    void read() {
        auto& backend = stage_.backend;
        if (!backend.views.empty() && (backend.pages.empty() || below(2) == 0)) {
            auto call = take(backend.views);
            const Seq from = call.question.after.value_or(committed_);
            const Seq to = std::min(committed_, from + stage_.config.limits.history_limit);
            results_.push_back([done = call.done,
                                view = view_of(committed_, page_of(from + 1, to))] { done(view); });
        } else if (!backend.pages.empty()) {
            auto call = take(backend.pages);
            const auto& [room, from, bounds] = call.question;
            const Seq to = std::min(committed_, from + bounds.messages);
            results_.push_back([done = call.done, page = page_of(from + 1, to)] { done(page); });
        }
    }
    void hand_over() {
        if (results_.empty()) return;
        const auto which = results_.begin() + static_cast<std::ptrdiff_t>(below(results_.size()));
        const auto result = std::move(*which);
        results_.erase(which);
        result();
    }
    // Joins from where it stands; sometimes after a leave, sometimes by a new connection.
    void join() {
        if (socket_ && below(2) == 0) stage_.emit(socket_, "leave", R"(["c"])");
        if (socket_ && below(3) == 0) {
            seqs_.insert(seqs_.end(), socket_->seqs.begin(), socket_->seqs.end());
            stage_.disconnect(socket_);
            socket_.reset();
        }
        if (!socket_) socket_ = stage_.connected();
        const auto got = seqs();
        stage_.emit(
            socket_, "join",
            R"([{"clientId":"c","after":)" + std::to_string(got.empty() ? 0 : got.back()) + "}]");
    }
    void settle() {
        while (published_ < committed_) feed();
        while (!stage_.backend.idle() || !results_.empty()) {
            read();
            hand_over();
        }
    }

    Seq committed() const { return committed_; }
    // All that the client got, on all its connections.
    Seqs seqs() const {
        auto all = seqs_;
        if (socket_) all.insert(all.end(), socket_->seqs.begin(), socket_->seqs.end());
        return all;
    }

  private:
    Stage stage_;
    std::mt19937 random_;
    Seq committed_ = 0;
    Seq published_ = 0;
    std::vector<std::function<void()>> results_;
    SocketPtr socket_;
    Seqs seqs_;
};

BOOST_AUTO_TEST_SUITE(join_property)

BOOST_DATA_TEST_CASE(however_steps_interleave_each_message_comes_once_and_in_order,
                     boost::unit_test::data::xrange(300),
                     seed) {
    Conversation conversation(static_cast<unsigned>(seed), 1 + static_cast<std::size_t>(seed) % 7);
    conversation.join();
    for (int step = 0; step < 400; ++step) {
        const auto what = conversation.below(32);
        if (what < 9) conversation.commit();
        if (what >= 9 && what < 18) conversation.feed();
        if (what >= 18 && what < 24) conversation.read();
        if (what >= 24 && what < 31) conversation.hand_over();
        if (what == 31) conversation.join();
    }
    conversation.settle();
    BOOST_TEST(conversation.seqs() == seqs_of(1, conversation.committed()), per_element());
}

BOOST_DATA_TEST_CASE(the_same_with_floods_that_overflow_what_is_held,
                     boost::unit_test::data::xrange(20),
                     seed) {
    Conversation conversation(static_cast<unsigned>(seed), 200);
    conversation.join();
    for (int step = 0; step < 60; ++step) {
        const auto what = conversation.below(8);
        if (what == 0) {
            for (std::size_t i = 0; i < 400; ++i) conversation.commit();
        }
        if (what == 1) {
            for (std::size_t i = 0; i < 1500; ++i) conversation.feed();
        }
        if (what >= 2 && what < 5) conversation.read();
        if (what >= 5 && what < 7) conversation.hand_over();
        if (what == 7 && step % 10 == 0) conversation.join();
    }
    conversation.settle();
    BOOST_TEST(conversation.seqs() == seqs_of(1, conversation.committed()), per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
