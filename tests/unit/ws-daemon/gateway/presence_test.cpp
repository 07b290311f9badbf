#include "gateway/presence.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace livechat::gateway {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;
using boost::test_tools::per_element;

constexpr Presence::Time kStart = Presence::Time{} + 1h;

PresenceNews from(const std::string& daemon,
                  std::uint64_t round,
                  Names online,
                  Names offline = {}) {
    return {daemon, false, false, round, std::move(online), std::move(offline)};
}

// Presence with a clock by hand, watched unless it is said otherwise.
struct Scene {
    explicit Scene(bool watched = true) {
        if (watched) presence.watcher_came();
        presence.tick(now);
    }
    Presence::Changes after(std::chrono::milliseconds time) {
        now += time;
        auto changes = presence.tick(now);
        std::ranges::sort(changes.online);
        std::ranges::sort(changes.offline);
        return changes;
    }
    // Another daemon that is there, and watched or not.
    void peer(const std::string& name, bool watched, bool agents = false) {
        presence.hear({name, agents, watched, 1, {}, {}}, now);
    }

    Presence presence;
    Presence::Time now = kStart;
};

BOOST_AUTO_TEST_SUITE(presence)

BOOST_AUTO_TEST_CASE(who_comes_is_online_at_once_and_who_goes_is_offline_a_moment_later) {
    Scene scene;
    scene.presence.visitor_came("a");
    BOOST_TEST(scene.presence.is_online("a"));
    BOOST_TEST(scene.after(250ms).online == Names({"a"}), per_element());
    scene.presence.visitor_left("a", scene.now);
    BOOST_TEST(scene.after(2900ms).offline.empty());
    BOOST_TEST(scene.presence.is_online("a"));
    BOOST_TEST(scene.after(100ms).offline == Names({"a"}), per_element());
    BOOST_TEST(!scene.presence.is_online("a"));
    BOOST_TEST(scene.presence.visitors() == 0u);
}

BOOST_AUTO_TEST_CASE(a_page_that_is_loaded_again_is_no_news) {
    Scene scene;
    scene.presence.visitor_came("a");
    scene.after(250ms);
    scene.presence.visitor_left("a", scene.now);
    scene.after(1s);
    scene.presence.visitor_came("a");
    const auto changes = scene.after(10s);
    BOOST_TEST(changes.online.empty());
    BOOST_TEST(changes.offline.empty());
    BOOST_TEST(scene.presence.is_online("a"));
    // Its second going is waited for from then on, not from the first.
    scene.presence.visitor_left("a", scene.now);
    BOOST_TEST(scene.after(2900ms).offline.empty());
    BOOST_TEST(scene.after(100ms).offline == Names({"a"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_visitor_with_two_windows_is_there_until_the_second_one_is_closed) {
    Scene scene;
    scene.presence.visitor_came("a");
    scene.presence.visitor_came("a");
    scene.after(250ms);
    scene.presence.visitor_left("a", scene.now);
    BOOST_TEST(scene.after(10s).offline.empty());
    scene.presence.visitor_left("a", scene.now);
    BOOST_TEST(scene.after(3s).offline == Names({"a"}), per_element());
}

BOOST_AUTO_TEST_CASE(who_comes_and_goes_between_two_ticks_is_no_news_when_nobody_was_there) {
    Scene scene;
    scene.presence.visitor_came("a");
    scene.presence.visitor_was_none("a", scene.now);
    const auto changes = scene.after(10s);
    BOOST_TEST(changes.online.empty());
    BOOST_TEST(changes.offline.empty());
    BOOST_TEST(scene.presence.visitors() == 0u);
}

BOOST_AUTO_TEST_CASE(nobody_is_told_while_nobody_watches) {
    Scene scene(false);
    scene.presence.visitor_came("a");
    BOOST_TEST(scene.after(250ms).online.empty());
    scene.presence.watcher_came();
    BOOST_TEST(scene.presence.online() == Names({"a"}), per_element());
    scene.presence.visitor_came("b");
    BOOST_TEST(scene.after(250ms).online == Names({"b"}), per_element());
}

BOOST_AUTO_TEST_CASE(an_agent_who_loads_the_console_again_has_not_gone) {
    Scene scene;
    scene.presence.agent_came();
    BOOST_TEST(scene.after(250ms).agents.value() == true);
    scene.presence.agent_left(scene.now);
    BOOST_TEST(!scene.after(4s).agents.has_value());
    scene.presence.agent_came();
    BOOST_TEST(!scene.after(10s).agents.has_value());
    scene.presence.agent_left(scene.now);
    BOOST_TEST(scene.after(5s).agents.value() == false);
}

BOOST_AUTO_TEST_CASE(an_agent_at_another_daemon_is_an_agent) {
    Scene scene;
    scene.peer("b", false, true);
    BOOST_TEST(scene.after(250ms).agents.value() == true);
    scene.peer("b", false, false);
    BOOST_TEST(scene.after(250ms).agents.value() == false);
}

BOOST_AUTO_TEST_CASE(a_daemon_that_falls_silent_has_no_agents_and_no_visitors) {
    Scene scene;
    scene.peer("b", false, true);
    scene.presence.hear({"b", true, false, 1, {"a"}, {}}, scene.now);
    BOOST_TEST(scene.after(250ms).online == Names({"a"}), per_element());
    const auto changes = scene.after(7s);
    BOOST_TEST(changes.offline == Names({"a"}), per_element());
    BOOST_TEST(changes.agents.value() == false);
}

BOOST_AUTO_TEST_CASE(a_visitor_at_two_daemons_is_online_until_both_say_otherwise) {
    Scene scene;
    scene.presence.visitor_came("a");
    scene.after(250ms);
    scene.presence.hear(from("b", 1, {"a"}), scene.now);
    scene.presence.visitor_left("a", scene.now);
    auto changes = scene.after(3s);
    BOOST_TEST(changes.online.empty());
    BOOST_TEST(changes.offline.empty());
    scene.presence.hear(from("b", 1, {}, {"a"}), scene.now);
    BOOST_TEST(scene.after(250ms).offline == Names({"a"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_daemon_says_that_it_is_there_every_two_seconds_and_when_that_changes) {
    Scene scene(false);
    BOOST_TEST(scene.after(250ms).news.empty());
    BOOST_TEST(scene.after(1750ms).news.size() == 1u);
    scene.presence.agent_came();
    const auto news = scene.after(250ms).news;
    BOOST_TEST_REQUIRE(news.size() == 1u);
    BOOST_TEST(news[0].agents);
    BOOST_TEST(!news[0].watched);
    BOOST_TEST(scene.after(250ms).news.empty());
}

BOOST_AUTO_TEST_CASE(visitors_are_told_to_other_daemons_only_while_somebody_watches_there) {
    Scene scene(false);
    scene.presence.visitor_came("a");
    scene.peer("b", false);
    BOOST_TEST(scene.after(2s).news.at(0).online.empty());
    scene.peer("b", true);
    BOOST_TEST(scene.after(250ms).news.at(0).online == Names({"a"}), per_element());
    scene.presence.visitor_came("c");
    BOOST_TEST(scene.after(250ms).news.at(0).online == Names({"c"}), per_element());
    scene.presence.visitor_left("c", scene.now);
    scene.peer("b", true);
    BOOST_TEST(scene.after(3s).news.at(0).offline == Names({"c"}), per_element());
}

BOOST_AUTO_TEST_CASE(all_that_is_there_is_told_again_from_time_to_time_in_pieces_that_fit) {
    Scene scene(false);
    for (int i = 0; i < 5000; ++i) {
        scene.presence.visitor_came("visitor-" + std::to_string(i) + std::string(40, 'x'));
    }
    Names told;
    for (int second = 0; second < 60 && told.size() < 5000; ++second) {
        scene.peer("b", true);
        const auto changes = scene.after(250ms);
        BOOST_TEST(changes.news.size() <= Presence::kNewsInARow + 1);
        for (const auto& news : changes.news) {
            std::size_t bytes = 0;
            for (const auto& name : news.online) bytes += name.size();
            BOOST_TEST(bytes <= Presence::kNewsBytes + 512);
            told.insert(told.end(), news.online.begin(), news.online.end());
        }
    }
    std::ranges::sort(told);
    BOOST_TEST(told.size() == 5000u);
    BOOST_CHECK(told == scene.presence.online());
    bool again = false;
    for (int second = 0; second < 32; ++second) {
        scene.peer("b", true);
        for (const auto& news : scene.after(1s).news) again = again || news.online.size() > 1;
    }
    BOOST_TEST(again);
}

BOOST_AUTO_TEST_CASE(a_visitor_whose_going_was_lost_on_the_way_is_forgotten_after_two_rounds) {
    Scene scene;
    scene.presence.hear(from("b", 5, {"a", "c"}), scene.now);
    scene.after(250ms);
    for (std::uint64_t round = 6; round <= 7; ++round) {
        scene.presence.hear(from("b", round, {"a"}), scene.now);
        BOOST_TEST(scene.after(250ms).offline.empty());
    }
    scene.presence.hear(from("b", 8, {"a"}), scene.now);
    BOOST_TEST(scene.after(250ms).offline == Names({"c"}), per_element());
    BOOST_TEST(scene.presence.is_online("a"));
}

BOOST_AUTO_TEST_CASE(what_a_daemon_said_before_it_was_started_again_is_forgotten) {
    Scene scene;
    scene.presence.hear(from("b", 5, {"a"}), scene.now);
    scene.after(250ms);
    scene.presence.hear(from("b", 1, {"c"}), scene.now);
    const auto changes = scene.after(250ms);
    BOOST_TEST(changes.online == Names({"c"}), per_element());
    BOOST_TEST(changes.offline == Names({"a"}), per_element());
}

BOOST_AUTO_TEST_CASE(there_are_only_so_many_daemons) {
    Scene scene;
    for (std::size_t i = 0; i < Presence::kMaxPeers + 10; ++i) {
        scene.presence.hear(from("d" + std::to_string(i), 1, {"r" + std::to_string(i)}), scene.now);
    }
    BOOST_TEST(scene.presence.online().size() == Presence::kMaxPeers);
}

BOOST_AUTO_TEST_CASE(odd_calls_harm_nobody) {
    Scene scene;
    scene.presence.visitor_left("nobody", scene.now);
    scene.presence.visitor_was_none("nobody", scene.now);
    scene.presence.agent_left(scene.now);
    scene.presence.hear(from("b", 1, {}, {"nobody"}), scene.now);
    scene.presence.watcher_left();
    scene.presence.watcher_left();
    const auto changes = scene.after(1h);
    BOOST_TEST(changes.online.empty());
    BOOST_TEST(changes.offline.empty());
    BOOST_TEST(!changes.agents.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
