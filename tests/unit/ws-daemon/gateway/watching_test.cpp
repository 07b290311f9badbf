#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "gateway/gateway.hpp"
#include "gateway/watched_typing.hpp"
#include "stage.hpp"

namespace livechat::gateway {
namespace {

using namespace std::chrono_literals;
using Log = std::vector<std::string>;
using boost::test_tools::per_element;

const std::string kReset = R"(visitor-presence {"reset":true,"online":[],"offline":[]})";
const std::string kTyping = R"([{"clientId":"c","isTyping":true,"sender":"client"}])";
const std::string kTyped = R"(session-typing {"clientId":"c","isTyping":true,"sender":"client"})";

SocketPtr watcher(Stage& stage, const std::string& options) {
    auto socket = stage.connected();
    stage.emit(socket, "watch-sessions", "[" + options + "]");
    socket->news();
    return socket;
}

void tick(Stage& stage, std::chrono::milliseconds after = 250ms) {
    stage.now += after;
    stage.gateway.tick_presence();
}

std::string online(const std::string& room) {
    return R"(visitor-presence {"online":[")" + room + R"("],"offline":[]})";
}
std::string offline(const std::string& room) {
    return R"(visitor-presence {"online":[],"offline":[")" + room + R"("]})";
}
std::string presence(bool agents) {
    return std::string(R"(presence {"agents":)") + (agents ? "true}" : "false}");
}

BOOST_AUTO_TEST_SUITE(watching)

BOOST_AUTO_TEST_CASE(a_watcher_who_asks_for_nothing_more_gets_nothing_more) {
    Stage stage;
    const auto plain = watcher(stage, "");
    const auto odd = watcher(stage, R"("everything")");
    const auto visitor = stage.member("c");
    stage.emit(visitor, "typing", kTyping);
    tick(stage);
    BOOST_TEST(plain->news().empty());
    BOOST_TEST(odd->news().empty());
}

BOOST_AUTO_TEST_CASE(a_watcher_sees_who_is_there_and_who_comes_and_goes) {
    Stage stage;
    const auto first = stage.member("c");
    const auto agent = stage.connected();
    stage.emit(agent, "watch-sessions", R"([{"presence":true}])", 1);
    BOOST_TEST(agent->news() == Log({ok_ack(1), kReset, online("c")}), per_element());
    const auto second = stage.member("d");
    tick(stage);
    BOOST_TEST(agent->news() == Log({online("d")}), per_element());
    stage.disconnect(first);
    tick(stage, 2s);
    BOOST_TEST(agent->news().empty());
    tick(stage, 1s);
    BOOST_TEST(agent->news() == Log({offline("c")}), per_element());
}

BOOST_AUTO_TEST_CASE(a_thousand_visitors_are_shown_in_parts_as_the_console_reads_them) {
    Stage stage;
    std::vector<SocketPtr> visitors;
    for (int i = 0; i < 1200; ++i) visitors.push_back(stage.member("v" + std::to_string(i)));
    const auto agent = stage.connected();
    agent->queued_bytes = 1'000'000;
    stage.emit(agent, "watch-sessions", R"([{"presence":true}])");
    BOOST_TEST(agent->news() == Log({kReset}), per_element());
    stage.disconnect(visitors[0]);
    tick(stage, 3s);
    BOOST_TEST(agent->news() == Log({offline("v0")}), per_element());
    agent->queued_bytes = 0;
    BOOST_TEST_REQUIRE(stage.tasks.size() == 1u);
    stage.tasks[0]();
    std::size_t count = 0;
    for (const auto& line : agent->news()) {
        BOOST_TEST(line.find("\"v0\"") == std::string::npos);
        const auto data = parse_json(line.substr(line.find(' ') + 1)).value();
        BOOST_TEST(data["online"].size() <= 500u);
        count += data["online"].size();
    }
    BOOST_TEST(count == 1199u);
}

BOOST_AUTO_TEST_CASE(a_console_in_a_room_is_not_its_visitor) {
    Stage stage;
    const auto early = stage.member("c");  // a console that joins before it watches
    stage.emit(early, "watch-sessions", R"([{"presence":true}])");
    const auto late = watcher(stage, R"({"presence":true})");
    stage.emit(late, "join", R"(["d"])");
    answer(stage.backend.views, RoomView{});
    late->news();
    early->news();
    tick(stage);
    BOOST_TEST(late->news().empty());
    BOOST_TEST(early->news().empty());
    BOOST_TEST(stage.gateway.presence().online().empty());
}

BOOST_AUTO_TEST_CASE(who_leaves_the_room_is_not_online_there) {
    Stage stage;
    const auto agent = watcher(stage, R"({"presence":true})");
    const auto visitor = stage.member("c");
    tick(stage);
    stage.emit(visitor, "leave", R"(["c"])");
    agent->news();
    tick(stage, 3s);
    BOOST_TEST(agent->news() == Log({offline("c")}), per_element());
}

BOOST_AUTO_TEST_CASE(who_is_refused_by_the_database_is_not_online) {
    Stage stage;
    const auto visitor = stage.connected();
    stage.emit(visitor, "join", R"(["c"])");
    fail_oldest(stage.backend.views);
    BOOST_TEST(stage.gateway.presence().visitors() == 0u);
}

BOOST_AUTO_TEST_CASE(who_joins_twice_counts_once) {
    Stage stage;
    const auto visitor = stage.member("c");
    stage.emit(visitor, "join", R"([{"clientId":"c","after":0}])");
    answer(stage.backend.views, RoomView{});
    stage.disconnect(visitor);
    tick(stage, 3s);
    BOOST_TEST(stage.gateway.presence().visitors() == 0u);
}

BOOST_AUTO_TEST_CASE(who_asks_is_told_whether_an_agent_is_there_and_when_that_changes) {
    Stage stage;
    const auto visitor = stage.connected();
    stage.emit(visitor, "watch-presence", "[]", 1);
    BOOST_TEST(visitor->news() == Log({R"(ack 1 [{"status":"ok","agents":false}])"}),
               per_element());
    const auto agent = watcher(stage, "{}");
    tick(stage);
    BOOST_TEST(visitor->news() == Log({presence(true)}), per_element());
    stage.emit(visitor, "watch-presence", "[]", 2);
    BOOST_TEST(visitor->news() == Log({R"(ack 2 [{"status":"ok","agents":true}])"}), per_element());
    stage.disconnect(agent);
    tick(stage, 4s);
    BOOST_TEST(visitor->news().empty());
    tick(stage, 1s);
    BOOST_TEST(visitor->news() == Log({presence(false)}), per_element());
}

BOOST_AUTO_TEST_CASE(who_is_away_watches_and_does_not_count) {
    Stage stage;
    const auto visitor = stage.connected();
    stage.emit(visitor, "watch-presence", "[]");
    const auto agent = watcher(stage, R"({"away":true})");
    tick(stage);
    BOOST_TEST(visitor->news().empty());
    stage.emit(agent, "watch-sessions", "[{}]");
    tick(stage);
    BOOST_TEST(visitor->news() == Log({presence(true)}), per_element());
    stage.emit(agent, "watch-sessions", R"([{"away":true}])");
    tick(stage, 5s);
    BOOST_TEST(visitor->news() == Log({presence(false)}), per_element());
    stage.disconnect(agent);
    tick(stage, 5s);
    BOOST_TEST(visitor->news().empty());
}

BOOST_AUTO_TEST_CASE(those_who_asked_may_go_in_any_order) {
    Stage stage;
    std::vector<SocketPtr> sockets;
    for (int i = 0; i < 5; ++i) {
        sockets.push_back(stage.connected());
        stage.emit(sockets.back(), "watch-presence", "[]");
        stage.emit(sockets.back(), "watch-presence", "[]");
    }
    for (const int i : {1, 4, 0}) stage.disconnect(sockets[static_cast<std::size_t>(i)]);
    const auto agent = watcher(stage, "{}");
    tick(stage);
    BOOST_TEST(sockets[2]->news() == Log({presence(true)}), per_element());
    BOOST_TEST(sockets[3]->news() == Log({presence(true)}), per_element());
    stage.disconnect(sockets[3]);
    stage.disconnect(sockets[2]);
    stage.disconnect(agent);
    tick(stage, 5s);
}

BOOST_AUTO_TEST_CASE(a_watcher_hears_who_types_in_any_session_and_nothing_of_himself) {
    Stage stage;
    const auto visitor = stage.member("c");
    const auto agent = watcher(stage, R"({"typing":true})");
    stage.emit(visitor, "typing", kTyping);
    BOOST_TEST(agent->news() == Log({kTyped}), per_element());
    stage.gateway.pass_typing({"c", false, Side::client});
    BOOST_TEST(agent->news().size() == 1u);
    stage.emit(agent, "typing", R"([{"clientId":"c","isTyping":true,"sender":"admin"}])");
    BOOST_TEST(agent->news().empty());
}

BOOST_AUTO_TEST_CASE(who_begins_to_watch_is_told_who_types_already) {
    Stage stage;
    const auto visitor = stage.member("c");
    stage.emit(visitor, "typing", kTyping);
    stage.now += 5s;
    const auto agent = stage.connected();
    stage.emit(agent, "watch-sessions", R"([{"typing":true}])");
    BOOST_TEST(agent->news() == Log({kTyped}), per_element());
    stage.now += 1s;
    const auto late = stage.connected();
    stage.emit(late, "watch-sessions", R"([{"typing":true}])");
    BOOST_TEST(late->news().empty(), "who is silent for so long has stopped");
}

BOOST_AUTO_TEST_CASE(presence_is_told_to_the_other_daemons_and_comes_from_them) {
    Stage stage;
    const auto agent = watcher(stage, R"({"presence":true})");
    tick(stage);
    BOOST_TEST_REQUIRE(!stage.news.empty());
    BOOST_TEST(stage.news.back().agents);
    BOOST_TEST(stage.news.back().watched);
    stage.gateway.hear_presence({"b", false, false, 1, {"c"}, {}});
    tick(stage);
    BOOST_TEST(agent->news() == Log({online("c")}), per_element());
}

const std::vector<std::string> kOdd{R"([{"presence":1}])", R"([{"typing":"yes"}])",
                                    R"([{"away":{}}])"};

BOOST_DATA_TEST_CASE(a_wish_that_is_neither_true_nor_false_is_refused, kOdd, args) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "watch-sessions", args, 1);
    BOOST_TEST(socket->news().at(0).find("invalid_payload") != std::string::npos);
    BOOST_TEST(stage.backend.watched.empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(watched_typing)

const TypingPayload kBegins{"c", true, Side::client};
const TypingPayload kStops{"c", false, Side::client};
constexpr WatchedTyping::Time kNow = WatchedTyping::Time{} + 1h;

BOOST_AUTO_TEST_CASE(that_somebody_goes_on_typing_is_told_now_and_then) {
    WatchedTyping typing;
    BOOST_TEST(typing.tells(kBegins, kNow));
    BOOST_TEST(!typing.tells(kBegins, kNow + 1s));
    BOOST_TEST(!typing.tells(kBegins, kNow + 2900ms));
    BOOST_TEST(typing.tells(kBegins, kNow + 3s));
    BOOST_TEST(typing.tells(kStops, kNow + 4s));
    BOOST_TEST(!typing.tells(kStops, kNow + 5s));
    BOOST_TEST(typing.tells(kBegins, kNow + 5s));
}

BOOST_AUTO_TEST_CASE(the_two_sides_of_a_session_type_by_themselves) {
    WatchedTyping typing;
    BOOST_TEST(typing.tells(kBegins, kNow));
    BOOST_TEST(typing.tells({"c", true, Side::admin}, kNow));
    BOOST_TEST(typing.tells(kStops, kNow));
    BOOST_TEST(typing.tells({"c", false, Side::admin}, kNow));
}

BOOST_AUTO_TEST_CASE(who_types_now_is_known_until_he_stops_or_falls_silent) {
    WatchedTyping typing;
    typing.tells({"stopped", true, Side::client}, kNow);
    typing.tells({"stopped", false, Side::client}, kNow + 1s);
    typing.tells({"silent", true, Side::client}, kNow);
    typing.tells({"c", true, Side::admin}, kNow + 4s);
    const auto now = typing.typing(kNow + 6s);
    BOOST_TEST_REQUIRE(now.size() == 1u);
    BOOST_TEST(now[0].client_id == "c");
    BOOST_TEST((now[0].sender == Side::admin && now[0].is_typing));
}

BOOST_AUTO_TEST_CASE(a_crowd_that_types_is_told_in_part_and_not_kept_for_ever) {
    WatchedTyping typing;
    std::size_t told = 0;
    for (int i = 0; i < 100'000; ++i) {
        told += typing.tells({"c" + std::to_string(i), true, Side::client}, kNow) ? 1u : 0u;
    }
    BOOST_TEST(told == WatchedTyping::kPerSecond);
    BOOST_TEST(typing.typing(kNow).size() == WatchedTyping::kPerSecond);
    for (int second = 1; second <= 20; ++second) {
        for (int i = 0; i < 1000; ++i) {
            const auto name = std::to_string(second) + "-" + std::to_string(i);
            typing.tells({name, true, Side::client}, kNow + std::chrono::seconds(second));
        }
    }
    BOOST_TEST(typing.tells({"late", true, Side::client}, kNow + 60s));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
