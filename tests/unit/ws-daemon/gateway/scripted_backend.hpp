// A database that answers when the test says so, with what the test says.
#pragma once

#include <boost/test/unit_test.hpp>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/backend.hpp"

namespace livechat::gateway {

inline Failure unavailable() { return {ErrorCode::unavailable, "the database is away"}; }

class ScriptedBackend : public Backend {
  public:
    template <class Question, class Answer>
    struct Call {
        Question question;
        Callback<Answer> done;
    };
    struct ViewQuestion {
        std::string client_id;
        std::optional<Seq> after;
    };
    struct PageQuestion {
        std::string client_id;
        Seq after;
        db::PageBounds bounds;
    };
    struct NewsQuestion {
        std::string client_id;
        db::NotificationId after;
    };
    struct ReadQuestion {
        std::string client_id;
        Side reader;
    };
    struct MissedQuestion {
        std::vector<db::RecoveryRoom> rooms;
        Standing standing;
        Standing feed;
    };

    void send(NewMessage message, Callback<Sent> done) override {
        sends.push_back({std::move(message), std::move(done)});
    }
    void view_room(std::string client_id,
                   std::optional<Seq> after,
                   Callback<RoomView> done) override {
        views.push_back({{std::move(client_id), after}, std::move(done)});
    }
    void messages_after(std::string client_id,
                        Seq after,
                        db::PageBounds bounds,
                        Callback<db::MessagePage> done) override {
        pages.push_back({{std::move(client_id), after, bounds}, std::move(done)});
    }
    void mark_read(std::string client_id, Side reader, Callback<void> done) override {
        reads.push_back({{std::move(client_id), reader}, std::move(done)});
    }
    void save_recovery(db::RecoveryRecord record) override { saved.push_back(std::move(record)); }
    void take_recovery(std::string pid_hash,
                       Callback<std::optional<db::RecoveryRecord>> done) override {
        takes.push_back({std::move(pid_hash), std::move(done)});
    }
    void missed(std::vector<db::RecoveryRoom> rooms,
                Standing standing,
                Standing feed,
                Callback<std::optional<Missed>> done) override {
        misses.push_back(
            {{std::move(rooms), std::move(standing), std::move(feed)}, std::move(done)});
    }
    void news_after(std::string client_id,
                    db::NotificationId after,
                    Callback<std::optional<RoomNews>> done) override {
        news.push_back({{std::move(client_id), after}, std::move(done)});
    }
    void identify(std::vector<std::string> token_hashes, Callback<Proof> done) override {
        identifies.push_back({std::move(token_hashes), std::move(done)});
    }
    void review(ReviewQuestion question, Callback<Review> done) override {
        reviews.push_back({std::move(question), std::move(done)});
    }
    void set_watched(bool watched) override { this->watched.push_back(watched); }

    bool idle() const {
        return sends.empty() && views.empty() && pages.empty() && reads.empty() && takes.empty() &&
               misses.empty() && news.empty() && identifies.empty();
    }

    std::deque<Call<NewMessage, Sent>> sends;
    std::deque<Call<ViewQuestion, RoomView>> views;
    std::deque<Call<PageQuestion, db::MessagePage>> pages;
    std::deque<Call<ReadQuestion, void>> reads;
    std::deque<Call<std::string, std::optional<db::RecoveryRecord>>> takes;
    std::deque<Call<MissedQuestion, std::optional<Missed>>> misses;
    std::deque<Call<NewsQuestion, std::optional<RoomNews>>> news;
    std::deque<Call<std::vector<std::string>, Proof>> identifies;
    std::deque<Call<ReviewQuestion, Review>> reviews;
    std::vector<db::RecoveryRecord> saved;
    std::vector<bool> watched;
};

// Answers the oldest call of a kind.
template <class Calls, class Answer>
void answer(Calls& calls, Answer&& answer) {
    BOOST_TEST_REQUIRE(!calls.empty());
    auto done = std::move(calls.front().done);
    calls.pop_front();
    done(std::forward<Answer>(answer));
}

// Answers the oldest question about tokens, which prove this.
template <class Calls>
void prove(Calls& calls, Principal principal) {
    BOOST_TEST_REQUIRE(!calls.empty());
    answer(calls, Proof(calls.front().question, std::move(principal.identities)));
}

template <class Calls>
void fail_oldest(Calls& calls, const Failure& failure = unavailable()) {
    answer(calls, tl::unexpected(failure));
}

}  // namespace livechat::gateway
