// Joining a room, with everything that may happen while the database is asked.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "stage.hpp"

namespace livechat::gateway {
namespace {

using Log = std::vector<std::string>;
using Seqs = std::vector<Seq>;
using boost::test_tools::per_element;

std::string after(const std::string& room, Seq seq) {
    return R"([{"clientId":")" + room + R"(","after":)" + std::to_string(seq) + "}]";
}

// A view of room c; notification ids are ten times the seq (Stage::publish).
constexpr std::size_t kMuch = 300 * 1024;  // not read by the client

RoomView view_of(Seq last_seq, db::MessagePage page = {}) {
    return {last_seq, last_seq * 10, std::move(page)};
}

Limits pages_of(std::size_t messages) {
    Limits limits;
    limits.history_limit = messages;
    return limits;
}

BOOST_AUTO_TEST_SUITE(join)

BOOST_AUTO_TEST_CASE(a_join_is_acknowledged_with_the_last_seq) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", R"(["c"])", 1);
    BOOST_TEST(socket->news().empty());
    BOOST_TEST_REQUIRE(stage.backend.views.size() == 1u);
    BOOST_TEST(stage.backend.views.front().question.client_id == "c");
    BOOST_TEST(!stage.backend.views.front().question.after);
    answer(stage.backend.views, view_of(5));
    BOOST_TEST(socket->news() == Log({joined_ack(1, "c", 5)}), per_element());
    stage.publish("c", 6);
    BOOST_TEST(socket->seqs == Seqs({6}), per_element());
}

BOOST_AUTO_TEST_CASE(what_is_sent_right_behind_a_join_waits_until_the_room_was_viewed) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", R"(["c"])", 1);
    stage.emit(socket, "send-message", R"([{"clientId":"c","message":"x","sender":"client"}])", 2);
    stage.emit(socket, "send-message", R"([{"clientId":"d","message":"x","sender":"client"}])", 3);
    BOOST_TEST_REQUIRE(stage.backend.sends.size() == 1u);
    BOOST_TEST(stage.backend.sends.front().question.client_id == "d");
    answer(stage.backend.views, view_of(5));
    BOOST_TEST_REQUIRE(stage.backend.sends.size() == 2u);
    stage.publish("c", 6);
    BOOST_TEST(socket->seqs == Seqs({6}), per_element());
}

BOOST_AUTO_TEST_CASE(what_waits_for_a_join_is_sent_also_when_its_sender_leaves_or_goes) {
    for (const bool goes : {false, true}) {
        Stage stage;
        const auto socket = stage.connected();
        stage.emit(socket, "join", R"(["c"])", 1);
        stage.emit(socket, "send-message", R"([{"clientId":"c","message":"x","sender":"client"}])");
        BOOST_TEST(stage.backend.sends.empty());
        if (goes) {
            stage.disconnect(socket);
        } else {
            stage.emit(socket, "leave", R"(["c"])");
        }
        BOOST_TEST(stage.backend.sends.size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_join_without_an_acknowledgement_joins_as_well) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", R"([{"clientId":"c"}])");
    answer(stage.backend.views, view_of(5));
    BOOST_TEST(socket->news().empty());
    stage.publish("c", 6);
    BOOST_TEST(socket->seqs == Seqs({6}), per_element());
}

BOOST_AUTO_TEST_CASE(a_session_that_does_not_exist_yet_can_be_joined) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", after("c", 0), 1);
    answer(stage.backend.views, RoomView{});
    BOOST_TEST(socket->news() == Log({joined_ack(1, "c", 0)}), per_element());
    stage.publish("c", 1);
    BOOST_TEST(socket->seqs == Seqs({1}), per_element());
}

BOOST_AUTO_TEST_CASE(without_after_what_came_during_the_join_and_was_counted_does_not_come_again) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", R"(["c"])", 1);
    for (const Seq seq : {5, 6, 7}) stage.publish("c", seq);
    answer(stage.backend.views, view_of(6));
    BOOST_TEST(socket->seqs == Seqs({7}), per_element());
    BOOST_TEST(socket->news().front() == joined_ack(1, "c", 6));
}

BOOST_AUTO_TEST_CASE(with_after_what_was_missed_comes_first_then_what_came_meanwhile) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", after("c", 2), 1);
    BOOST_TEST(stage.backend.views.front().question.after.value() == 2u);
    for (const Seq seq : {4, 5, 6}) stage.publish("c", seq);
    BOOST_TEST(socket->news().empty());
    answer(stage.backend.views, view_of(5, page_of(3, 5)));
    stage.publish("c", 7);
    BOOST_TEST(socket->seqs == seqs_of(3, 7), per_element());
    BOOST_TEST(socket->news().front() == joined_ack(1, "c", 5));
    BOOST_TEST(stage.backend.idle());
}

BOOST_AUTO_TEST_CASE(what_is_sent_again_looks_as_it_did_when_it_was_news) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", after("c", 2));
    answer(stage.backend.views, view_of(3, page_of(3, 3)));
    const auto replayed = socket->news();
    const auto live = stage.member("c");
    stage.publish("c", 3);
    BOOST_TEST(replayed == live->news(), per_element());
}

BOOST_AUTO_TEST_CASE(many_missed_messages_come_page_by_page) {
    Stage stage(pages_of(3));
    const auto socket = stage.connected();
    stage.emit(socket, "join", after("c", 1), 1);
    answer(stage.backend.views, view_of(9, page_of(2, 4)));
    BOOST_TEST_REQUIRE(stage.backend.pages.size() == 1u);
    BOOST_TEST(stage.backend.pages.front().question.client_id == "c");
    BOOST_TEST(stage.backend.pages.front().question.after == 4u);
    BOOST_TEST(stage.backend.pages.front().question.bounds.messages == 5u);
    stage.publish("c", 10);
    answer(stage.backend.pages, page_of(5, 7));
    stage.publish("c", 11);
    BOOST_TEST(socket->seqs == seqs_of(2, 7), per_element());
    // The last page takes no more than the view has shown: what is newer comes by the feed.
    BOOST_TEST(stage.backend.pages.front().question.after == 7u);
    BOOST_TEST(stage.backend.pages.front().question.bounds.messages == 2u);
    answer(stage.backend.pages, page_of(8, 9));
    BOOST_TEST(socket->seqs == seqs_of(2, 11), per_element());
    BOOST_TEST(stage.backend.idle());
    BOOST_TEST(socket->news().front() == joined_ack(1, "c", 9));
}

BOOST_AUTO_TEST_CASE(a_replay_reads_nothing_ahead_of_a_client_that_does_not_read) {
    Stage stage;
    const auto socket = stage.connected();
    socket->queued_bytes = kMuch;
    stage.emit(socket, "join", after("c", 0), 1);
    BOOST_TEST(!stage.backend.views.front().question.after);
    answer(stage.backend.views, view_of(9));
    BOOST_TEST(socket->news() == Log({joined_ack(1, "c", 9)}), per_element());
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(stage.backend.idle());
        stage.run_task();
    }
    BOOST_TEST(stage.backend.idle());
    socket->queued_bytes = 0;
    stage.run_task();
    answer(stage.backend.pages, page_of(1, 4));
    BOOST_TEST(socket->seqs == seqs_of(1, 4), per_element());
    BOOST_TEST(stage.backend.pages.front().question.after == 4U);
    socket->queued_bytes = kMuch;
    answer(stage.backend.pages, page_of(5, 8));
    BOOST_TEST(stage.backend.idle());
    socket->queued_bytes = 0;
    stage.run_task();
    answer(stage.backend.pages, page_of(9, 9));
    BOOST_TEST(socket->seqs == seqs_of(1, 9), per_element());
    BOOST_TEST(stage.tasks.empty());
}

// What is said while it waits is not kept for it either, but read when its turn comes.
BOOST_AUTO_TEST_CASE(a_replay_that_waits_holds_no_live_events) {
    Stage stage;
    const auto socket = stage.connected();
    socket->queued_bytes = kMuch;
    stage.emit(socket, "join", after("c", 0));
    answer(stage.backend.views, view_of(1));
    stage.publish("c", 2);
    socket->queued_bytes = 0;
    stage.run_task();
    answer(stage.backend.pages, page_of(1, 1));
    BOOST_TEST(socket->seqs == seqs_of(1, 1), per_element());
    answer(stage.backend.views, view_of(2, page_of(2, 2)));
    stage.publish("c", 3);
    BOOST_TEST(socket->seqs == seqs_of(1, 3), per_element());
}

BOOST_AUTO_TEST_CASE(a_socket_has_one_page_under_way_however_many_rooms_it_joins) {
    Stage stage;
    const auto socket = stage.connected();
    for (const auto* room : {"a", "b", "c"}) stage.emit(socket, "join", after(room, 0));
    for (Seq i = 0; i < 3; ++i) {
        BOOST_TEST(stage.backend.views.front().question.after.has_value() == (i == 0));
        answer(stage.backend.views, view_of(2, i == 0 ? page_of(1, 2) : db::MessagePage{}));
    }
    for (const auto* room : {"b", "c"}) {
        BOOST_TEST_REQUIRE(stage.backend.pages.size() == 1U);
        BOOST_TEST(stage.backend.pages.front().question.client_id == room);
        answer(stage.backend.pages, page_of(1, 2));
    }
    BOOST_TEST(stage.backend.idle());
    BOOST_TEST(socket->seqs == Seqs({1, 2, 1, 2, 1, 2}), per_element());
}

BOOST_AUTO_TEST_CASE(an_address_has_a_few_pages_under_way_however_many_sockets_it_opens) {
    Stage stage;
    app::Handshake handshake;
    handshake.remote_address = "203.0.113.7";
    std::vector<SocketPtr> sockets;
    for (int i = 0; i < 10; ++i) {
        sockets.push_back(stage.connect("{}", handshake));
        stage.emit(sockets.back(), "join", after("c", 0));
    }
    const auto pages = [&] {
        return std::ranges::count_if(
            stage.backend.views, [](const auto& call) { return call.question.after.has_value(); });
    };
    BOOST_TEST(pages() == 4);
    while (!stage.backend.idle() || !stage.tasks.empty()) {
        if (!stage.backend.views.empty()) {
            const auto after = stage.backend.views.front().question.after;
            answer(stage.backend.views, view_of(2, page_of(after.value_or(2) + 1, 2)));
        } else if (!stage.backend.pages.empty()) {
            BOOST_TEST(stage.backend.pages.size() <= 4U);
            answer(stage.backend.pages, page_of(1, 2));
        } else {
            stage.run_task();
        }
    }
    for (const auto& socket : sockets) BOOST_TEST(socket->seqs == seqs_of(1, 2), per_element());
}

BOOST_AUTO_TEST_CASE(messages_that_reach_no_one_do_not_end_a_replay) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", after("c", 0));
    answer(stage.backend.views, view_of(4, {{}, 1, 2}));
    answer(stage.backend.pages, page_of(3, 4));
    BOOST_TEST(socket->seqs == seqs_of(3, 4), per_element());
}

BOOST_AUTO_TEST_CASE(a_replay_that_waits_ends_with_its_client) {
    Stage stage;
    const auto socket = stage.connected();
    socket->queued_bytes = kMuch;
    stage.emit(socket, "join", after("c", 0));
    answer(stage.backend.views, view_of(4));
    stage.disconnect(socket);
    stage.run_task();
    BOOST_TEST(socket->seqs.empty());
    BOOST_TEST(stage.tasks.empty());
}

BOOST_AUTO_TEST_CASE(an_after_beyond_the_last_seq_misses_nothing) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", after("c", 9), 1);
    answer(stage.backend.views, view_of(5));
    BOOST_TEST(socket->news() == Log({joined_ack(1, "c", 5)}), per_element());
    BOOST_TEST(stage.backend.idle());
    stage.publish("c", 6);
    BOOST_TEST(socket->seqs == Seqs({6}), per_element());
}

BOOST_AUTO_TEST_CASE(when_too_much_comes_during_the_join_the_rest_is_read_again) {
    constexpr Seq kLast = hub::Hub::kMaxHeld + 7;
    Stage stage(pages_of(kLast));
    const auto socket = stage.connected();
    stage.emit(socket, "join", after("c", 2), 1);
    for (Seq seq = 6; seq <= kLast; ++seq) stage.publish("c", seq);
    answer(stage.backend.views, view_of(5, page_of(3, 5)));
    BOOST_TEST(socket->seqs == seqs_of(3, 5), per_element());
    BOOST_TEST_REQUIRE(stage.backend.views.size() == 1u);
    BOOST_TEST(stage.backend.views.front().question.after.value() == 5u);
    stage.publish("c", kLast + 1);
    answer(stage.backend.views, view_of(kLast, page_of(6, kLast)));
    BOOST_TEST(socket->seqs == seqs_of(3, kLast + 1), per_element());
    const auto log = socket->news();
    BOOST_TEST(log.front() == joined_ack(1, "c", 5));
    BOOST_TEST(std::ranges::count_if(log, [](auto& line) { return line.starts_with("ack"); }) == 1);
}

BOOST_AUTO_TEST_CASE(an_overflow_without_after_reads_on_from_the_last_seq_that_was_told) {
    constexpr Seq kLast = hub::Hub::kMaxHeld + 7;
    Stage stage(pages_of(kLast));
    const auto socket = stage.connected();
    stage.emit(socket, "join", R"(["c"])", 1);
    for (Seq seq = 6; seq <= kLast; ++seq) stage.publish("c", seq);
    answer(stage.backend.views, view_of(5));
    BOOST_TEST(socket->news() == Log({joined_ack(1, "c", 5)}), per_element());
    BOOST_TEST(stage.backend.views.front().question.after.value() == 5u);
    answer(stage.backend.views, view_of(kLast, page_of(6, kLast)));
    BOOST_TEST(socket->seqs == seqs_of(6, kLast), per_element());
}

BOOST_AUTO_TEST_CASE(when_reading_again_fails_the_client_is_made_to_come_anew) {
    constexpr Seq kLast = hub::Hub::kMaxHeld + 7;
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", R"(["c"])", 1);
    for (Seq seq = 6; seq <= kLast; ++seq) stage.publish("c", seq);
    answer(stage.backend.views, view_of(5));
    fail_oldest(stage.backend.views);
    BOOST_TEST(socket->news() == Log({joined_ack(1, "c", 5), "close replay failed"}),
               per_element());
}

BOOST_AUTO_TEST_CASE(when_a_page_fails_the_client_is_made_to_come_anew) {
    Stage stage(pages_of(3));
    const auto socket = stage.connected();
    stage.emit(socket, "join", after("c", 0), 1);
    answer(stage.backend.views, view_of(9, page_of(1, 3)));
    fail_oldest(stage.backend.pages);
    BOOST_TEST(socket->news().back() == "close replay failed");
}

BOOST_AUTO_TEST_CASE(a_join_that_fails_leaves_no_trace) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", R"(["c"])", 1);
    fail_oldest(stage.backend.views);
    BOOST_TEST(stage.hub.rooms() == 0u);
    socket->news();
    stage.emit(socket, "join", R"(["c"])", 2);
    answer(stage.backend.views, view_of(1));
    BOOST_TEST(socket->news() == Log({joined_ack(2, "c", 1)}), per_element());
    stage.publish("c", 2);
    BOOST_TEST(socket->seqs == Seqs({2}), per_element());
}

BOOST_AUTO_TEST_CASE(who_leaves_hears_nothing_more) {
    Stage stage;
    const auto socket = stage.member("c");
    stage.emit(socket, "leave", R"(["c"])", 3);
    BOOST_TEST(socket->news() == Log({ok_ack(3)}), per_element());
    stage.publish("c", 1);
    BOOST_TEST(socket->news().empty());
    BOOST_TEST(stage.hub.rooms() == 0u);
    stage.emit(socket, "leave", R"([{"clientId":"c"}])", 4);
    BOOST_TEST(socket->news() == Log({ok_ack(4)}), per_element());
}

BOOST_AUTO_TEST_CASE(who_leaves_while_joining_is_told_of_the_join_and_hears_nothing) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", after("c", 0), 1);
    stage.publish("c", 2);
    stage.emit(socket, "leave", R"(["c"])", 2);
    answer(stage.backend.views, view_of(1, page_of(1, 1)));
    BOOST_TEST(socket->news() == Log({ok_ack(2), joined_ack(1, "c", 1)}), per_element());
    BOOST_TEST(stage.hub.rooms() == 0u);
    BOOST_TEST(stage.backend.idle());
}

BOOST_AUTO_TEST_CASE(who_leaves_during_the_replay_gets_no_more_of_it) {
    Stage stage(pages_of(2));
    const auto socket = stage.connected();
    stage.emit(socket, "join", after("c", 0));
    answer(stage.backend.views, view_of(9, page_of(1, 2)));
    stage.emit(socket, "leave", R"(["c"])");
    answer(stage.backend.pages, page_of(3, 4));
    BOOST_TEST(socket->seqs == Seqs({1, 2}), per_element());
    BOOST_TEST(stage.backend.idle());
}

BOOST_AUTO_TEST_CASE(who_leaves_and_joins_again_is_not_served_by_the_first_join) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", after("c", 0), 1);
    stage.emit(socket, "leave", R"(["c"])");
    stage.emit(socket, "join", after("c", 1), 2);
    answer(stage.backend.views, view_of(2, page_of(1, 2)));
    BOOST_TEST(socket->seqs.empty());
    stage.publish("c", 3);
    answer(stage.backend.views, view_of(2));
    answer(stage.backend.pages, page_of(2, 2));
    BOOST_TEST(socket->seqs == Seqs({2, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(who_disconnects_while_joining_is_forgotten) {
    Stage stage(pages_of(2));
    auto socket = stage.connected();
    stage.emit(socket, "join", R"(["c"])", 1);
    stage.emit(socket, "join", after("d", 0), 2);
    stage.emit(socket, "join", after("e", 0), 3);
    answer(stage.backend.views, view_of(1));
    answer(stage.backend.views, view_of(9, page_of(1, 2)));
    socket->news();
    stage.disconnect(socket);
    BOOST_TEST(stage.hub.rooms() == 0u);
    answer(stage.backend.views, view_of(1, page_of(1, 1)));
    BOOST_TEST(socket->news().empty());
    socket.reset();
    answer(stage.backend.pages, page_of(3, 4));
    BOOST_TEST(stage.backend.idle());
}

BOOST_AUTO_TEST_CASE(who_is_there_already_is_told_the_last_seq_and_misses_nothing) {
    Stage stage;
    const auto socket = stage.member("c", 3, 30);
    stage.emit(socket, "join", R"(["c"])", 1);
    stage.publish("c", 4);
    BOOST_TEST(socket->seqs == Seqs({4}), per_element());
    answer(stage.backend.views, view_of(4));
    BOOST_TEST(socket->news().back() == joined_ack(1, "c", 4));
    stage.emit(socket, "join", R"(["c"])", 2);
    fail_oldest(stage.backend.views);
    BOOST_TEST(socket->news().back() ==
               "ack 2 " + error_args("unavailable", "the database is away"));
    stage.publish("c", 5);
    BOOST_TEST(socket->seqs == Seqs({4, 5}), per_element());
}

BOOST_AUTO_TEST_CASE(who_is_there_already_and_says_where_it_stands_gets_what_it_lacks) {
    Stage stage;
    const auto socket = stage.member("c", 3, 30);
    stage.publish("c", 4);
    stage.emit(socket, "join", after("c", 1), 1);
    stage.publish("c", 5);
    answer(stage.backend.views, view_of(4, page_of(2, 4)));
    BOOST_TEST(socket->seqs == Seqs({4, 2, 3, 4, 5}), per_element());
}

BOOST_AUTO_TEST_CASE(a_second_join_with_after_takes_over_from_the_first) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", after("c", 0), 1);
    stage.emit(socket, "join", after("c", 1), 2);
    answer(stage.backend.views, view_of(2, page_of(1, 2)));
    answer(stage.backend.views, view_of(2, page_of(2, 2)));
    BOOST_TEST(socket->seqs == Seqs({2}), per_element());
    stage.publish("c", 3);
    BOOST_TEST(socket->seqs == Seqs({2, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(a_second_join_without_after_leaves_the_first_one_at_work) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", after("c", 0), 1);
    stage.emit(socket, "join", R"(["c"])", 2);
    answer(stage.backend.views, view_of(2, page_of(1, 2)));
    answer(stage.backend.views, view_of(2));
    BOOST_TEST(socket->seqs == Seqs({1, 2}), per_element());
    const auto log = socket->news();
    BOOST_TEST(log.front() == joined_ack(1, "c", 2));
    BOOST_TEST(log.back() == joined_ack(2, "c", 2));
}

BOOST_AUTO_TEST_CASE(a_socket_joins_as_many_rooms_as_allowed) {
    Limits limits;
    limits.rooms_per_agent = 3;
    Stage stage(limits);
    const auto socket = stage.connected();
    for (const std::string room : {"a", "b", "c"}) {
        stage.emit(socket, "join", "[\"" + room + "\"]");
        answer(stage.backend.views, view_of(0));
    }
    BOOST_TEST(socket->news().empty());
    stage.emit(socket, "join", R"(["d"])", 1);
    BOOST_TEST(socket->news() == Log({"ack 1 " + error_args("too_many_rooms",
                                                            "this socket joins at most 3 rooms")}),
               per_element());
    // One that it is in already is no further one.
    stage.emit(socket, "join", R"(["b"])", 2);
    answer(stage.backend.views, view_of(0));
    BOOST_TEST(socket->news() == Log({joined_ack(2, "b", 0)}), per_element());
    stage.emit(socket, "leave", R"(["a"])");
    stage.emit(socket, "join", R"(["d"])", 3);
    answer(stage.backend.views, view_of(0));
    BOOST_TEST(socket->news() == Log({joined_ack(3, "d", 0)}), per_element());
}

BOOST_AUTO_TEST_CASE(rooms_are_joined_independently_of_each_other) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", after("c", 0), 1);
    stage.emit(socket, "join", R"(["d"])", 2);
    stage.publish("d", 8);
    auto second = std::move(stage.backend.views.back());
    stage.backend.views.pop_back();
    second.done(view_of(7));
    BOOST_TEST(socket->seqs == Seqs({8}), per_element());
    answer(stage.backend.views, view_of(1, page_of(1, 1)));
    BOOST_TEST(socket->seqs == Seqs({8, 1}), per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
