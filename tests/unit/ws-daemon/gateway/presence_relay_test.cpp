#include "gateway/presence_relay.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace livechat::gateway {
namespace {

using boost::test_tools::per_element;

BOOST_AUTO_TEST_SUITE(presence_relay)

BOOST_AUTO_TEST_CASE(what_one_daemon_writes_another_reads) {
    const PresenceNews news{"b", true, false, 7, {"a\"\\\u20ac", "c"}, {"d"}};
    const auto read = decode_presence(encode_presence(news), Limits{});
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->daemon == "b");
    BOOST_TEST(read->agents);
    BOOST_TEST(!read->watched);
    BOOST_TEST(read->round == 7u);
    BOOST_TEST(read->online == news.online, per_element());
    BOOST_TEST(read->offline == news.offline, per_element());
}

BOOST_AUTO_TEST_CASE(the_longest_news_fit_the_datagram) {
    Presence presence;
    const Presence::Time now = Presence::Time{} + std::chrono::hours(1);
    presence.hear({"b", false, true, 1, {}, {}}, now);
    for (int i = 0; i < 1000; ++i) {
        presence.visitor_came(std::to_string(i) + std::string(124, i % 2 ? '"' : '\\'));
    }
    const auto changes = presence.tick(now);
    BOOST_TEST(!changes.news.empty());
    for (auto news : changes.news) {
        news.daemon = std::string(32, 'd');
        BOOST_TEST(encode_presence(news).size() <= kMaxPresenceDatagram);
    }
}

const std::vector<std::string> kForged{
    "",
    "x",
    "[]",
    "{}",
    R"(["b","c",true,"client"])",
    R"(["typing","b",true,true,1,[],[]])",
    R"(["presence",1,true,true,1,[],[]])",
    R"(["presence","b",1,true,1,[],[]])",
    R"(["presence","b",true,"yes",1,[],[]])",
    R"(["presence","b",true,true,-1,[],[]])",
    R"(["presence","b",true,true,1.5,[],[]])",
    R"(["presence","b",true,true,1,{},[]])",
    R"(["presence","b",true,true,1,[1],[]])",
    R"(["presence","b",true,true,1,[""],[]])",
    R"(["presence","b",true,true,1,[],["a\nb"]])",
    R"(["presence","b",true,true,1,[]])",
    R"(["presence","b",true,true,1,[],[],0])",
};

BOOST_DATA_TEST_CASE(a_datagram_that_is_none_is_ignored, kForged, datagram) {
    BOOST_TEST(!decode_presence(datagram, Limits{}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
