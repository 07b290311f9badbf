// Peers that read more slowly than their rooms talk.
#include <boost/test/unit_test.hpp>

#include "stage.hpp"

namespace livechat::gateway {
namespace {

using boost::test_tools::per_element;

db::Notification news_of(Seq seq) {
    db::Notification notification;
    notification.id = seq * 10;
    notification.kind = db::NotificationKind::message;
    notification.client_id = "room";
    notification.seq = seq;
    notification.message = message_of(seq);
    return notification;
}

RoomNews news_from(Seq first, Seq last, bool complete) {
    RoomNews news{{}, complete};
    for (Seq seq = first; seq <= last; ++seq) news.notifications.push_back(news_of(seq));
    return news;
}

// A member of the room that got message 1 and has no room for 2.
struct Slow : Stage {
    Slow() {
        publish("room", 1);
        socket->room = false;
        publish("room", 2);
    }
    void reads_again() {
        socket->room = true;
        socket->queued_bytes = 0;
        run_task();
    }
    SocketPtr socket = member("room");
};

BOOST_FIXTURE_TEST_SUITE(falling_behind, Slow)

BOOST_AUTO_TEST_CASE(a_peer_that_does_not_read_gets_nothing_more_and_is_not_closed) {
    for (Seq seq = 3; seq < 100; ++seq) publish("room", seq);
    BOOST_TEST(socket->seqs == seqs_of(1, 1), per_element());
    BOOST_TEST(socket->connected());
    // As long as much waits for it, nothing is read for it.
    socket->queued_bytes = 512 * 1024;
    for (int i = 0; i < 5; ++i) run_task();
    BOOST_TEST(backend.idle());
}

BOOST_AUTO_TEST_CASE(it_gets_what_it_lacks_in_pages_and_then_what_is_published) {
    reads_again();
    BOOST_TEST_REQUIRE(backend.news.size() == 1u);
    BOOST_TEST(backend.news.front().question.client_id == "room");
    BOOST_TEST(backend.news.front().question.after == 19u);
    answer(backend.news, news_from(2, 3, false));
    BOOST_TEST(backend.news.front().question.after == 30u);
    publish("room", 4);
    publish("room", 5);
    answer(backend.news, news_from(4, 4, true));
    publish("room", 6);
    BOOST_TEST(socket->seqs == seqs_of(1, 6), per_element());
    BOOST_TEST(backend.idle());
    BOOST_TEST(tasks.empty());
}

BOOST_AUTO_TEST_CASE(where_its_room_ends_within_a_page_it_goes_on_from_there) {
    reads_again();
    socket->room = false;
    answer(backend.news, news_from(2, 4, true));
    BOOST_TEST(socket->seqs == seqs_of(1, 1), per_element());
    BOOST_TEST(backend.idle());
    reads_again();
    answer(backend.news, news_from(2, 4, true));
    BOOST_TEST(socket->seqs == seqs_of(1, 4), per_element());
}

BOOST_AUTO_TEST_CASE(what_is_read_carries_no_offset_and_what_follows_does) {
    gateway.set_position({70, {}});
    reads_again();
    answer(backend.news, news_from(2, 7, true));
    BOOST_TEST(socket->offset.empty());
    // It cannot be recovered from what it had before it fell behind.
    disconnect(socket);
    BOOST_TEST(backend.saved.empty());
}

BOOST_AUTO_TEST_CASE(a_socket_that_is_behind_leaves_nothing_to_be_recovered) {
    gateway.set_position({70, {}});
    disconnect(socket);
    BOOST_TEST(backend.saved.empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_ends_the_connection_so_that_the_client_comes_again) {
    reads_again();
    fail_oldest(backend.news);
    BOOST_TEST(!socket->connected());
}

BOOST_AUTO_TEST_CASE(what_is_not_kept_any_more_ends_the_connection_as_well) {
    reads_again();
    answer(backend.news, std::optional<RoomNews>());
    BOOST_TEST(!socket->connected());
}

BOOST_AUTO_TEST_CASE(a_room_that_was_left_meanwhile_is_not_told_of) {
    reads_again();
    emit(socket, "leave", R"(["room"])");
    answer(backend.news, news_from(2, 3, true));
    BOOST_TEST(socket->seqs == seqs_of(1, 1), per_element());
    BOOST_TEST(backend.idle());
}

BOOST_AUTO_TEST_CASE(a_join_with_after_takes_over) {
    reads_again();
    emit(socket, "join", R"([{"clientId":"room","after":1}])");
    answer(backend.news, news_from(2, 3, true));
    answer(backend.views, RoomView{3, 30, page_of(2, 3)});
    publish("room", 4);
    BOOST_TEST(socket->seqs == seqs_of(1, 4), per_element());
}

BOOST_AUTO_TEST_CASE(more_than_can_be_held_meanwhile_is_read_as_well) {
    reads_again();
    for (Seq seq = 3; seq <= 3 + hub::Hub::kMaxHeld; ++seq) publish("room", seq);
    answer(backend.news, news_from(2, 2, true));
    BOOST_TEST_REQUIRE(backend.news.size() == 1u);
    BOOST_TEST(backend.news.front().question.after == 20u);
    BOOST_TEST(socket->seqs == seqs_of(1, 2), per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
