// The database's epoch: what clients are told when an older state of it was put back.
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "stage.hpp"

namespace livechat::gateway {
namespace {

using Log = std::vector<std::string>;
using boost::test_tools::per_element;

std::string ack_of(const std::string& epoch) {
    return R"(ack 1 [{"status":"ok","clientId":"c","lastSeq":5,"epoch":")" + epoch + R"("}])";
}

std::optional<Seq> asked_after(const std::string& args) {
    Stage stage;
    stage.gateway.set_epoch("new");
    stage.emit(stage.connected(), "join", args);
    return stage.backend.views.front().question.after;
}

BOOST_AUTO_TEST_SUITE(epoch)

BOOST_AUTO_TEST_CASE(a_join_that_gives_an_epoch_is_told_the_present_one) {
    Stage stage;
    stage.gateway.set_epoch("new");
    const auto socket = stage.connected();
    stage.emit(socket, "join", R"([{"clientId":"c","epoch":""}])", 1);
    answer(stage.backend.views, RoomView{5, 50, {}});
    BOOST_TEST(socket->news() == Log({ack_of("new")}), per_element());
}

BOOST_AUTO_TEST_CASE(a_join_that_gives_none_is_answered_as_ever) {
    Stage stage;
    stage.gateway.set_epoch("new");
    const auto socket = stage.connected();
    stage.emit(socket, "join", R"(["c"])", 1);
    answer(stage.backend.views, RoomView{5, 50, {}});
    BOOST_TEST(socket->news() == Log({joined_ack(1, "c", 5)}), per_element());
}

BOOST_AUTO_TEST_CASE(what_was_seen_in_this_epoch_is_not_sent_again) {
    BOOST_TEST(asked_after(R"([{"clientId":"c","after":3,"epoch":"new"}])").value() == 3u);
    BOOST_TEST(asked_after(R"([{"clientId":"c","after":3,"epoch":""}])").value() == 3u);
    BOOST_TEST(asked_after(R"([{"clientId":"c","after":3}])").value() == 3u);
}

BOOST_AUTO_TEST_CASE(what_was_seen_in_another_epoch_does_not_count) {
    BOOST_TEST(asked_after(R"([{"clientId":"c","after":3,"epoch":"old"}])").value() == 0u);
    BOOST_TEST(!asked_after(R"([{"clientId":"c","epoch":"old"}])"));
}

BOOST_AUTO_TEST_CASE(a_daemon_that_does_not_know_the_epoch_yet_takes_no_client_for_outdated) {
    Stage stage;
    stage.emit(stage.connected(), "join", R"([{"clientId":"c","after":3,"epoch":"old"}])");
    BOOST_TEST(stage.backend.views.front().question.after.value() == 3u);
}

BOOST_AUTO_TEST_CASE(what_breaks_after_a_restore_is_not_recovered) {
    Stage stage;
    stage.gateway.set_position({100, {}});
    const auto socket = stage.member("c", 5, 50);
    stage.gateway.forget_position();
    stage.disconnect(socket);
    BOOST_TEST(stage.backend.saved.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
