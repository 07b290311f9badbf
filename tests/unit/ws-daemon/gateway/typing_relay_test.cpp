#include "gateway/typing_relay.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "stage.hpp"

namespace livechat::gateway {
namespace {

BOOST_AUTO_TEST_SUITE(typing_relay)

BOOST_AUTO_TEST_CASE(what_one_daemon_writes_another_reads) {
    const std::string client_id = "a\"\\\u20ac";
    const auto datagram = encode_typing("b", {client_id, true, Side::admin});
    const auto relayed = decode_typing(datagram, Limits{});
    BOOST_TEST_REQUIRE(relayed.has_value());
    BOOST_TEST(relayed->daemon == "b");
    BOOST_TEST(relayed->payload.client_id == client_id);
    BOOST_TEST(relayed->payload.is_typing);
    BOOST_TEST((relayed->payload.sender == Side::admin));
}

BOOST_AUTO_TEST_CASE(the_longest_name_fits_the_datagram) {
    std::string longest;
    for (int i = 0; i < 128; ++i) longest += "\U0001f600";
    BOOST_TEST(encode_typing(std::string(32, 'd'), {longest, false, Side::client}).size() <=
               kMaxTypingDatagram);
}

const std::vector<std::string> kForged{
    "",
    "x",
    "[]",
    "{}",
    R"(["b","c",true])",
    R"(["b","c",true,"client",1])",
    R"([1,"c",true,"client"])",
    R"(["b",1,true,"client"])",
    R"(["b","c",1,"client"])",
    R"(["b","c",true,"robot"])",
    R"(["b","",true,"client"])",
    R"(["b","a\nb",true,"client"])",
};

BOOST_DATA_TEST_CASE(a_datagram_that_is_none_is_ignored, kForged, datagram) {
    BOOST_TEST(!decode_typing(datagram, Limits{}));
}

BOOST_AUTO_TEST_CASE(typing_goes_to_the_other_daemons_and_comes_from_them) {
    Stage stage;
    const auto typist = stage.member("c");
    const auto other = stage.member("c");
    stage.emit(typist, "typing", R"([{"clientId":"c","isTyping":true,"sender":"client"}])");
    BOOST_TEST_REQUIRE(stage.relayed.size() == 1u);
    BOOST_TEST(stage.relayed.front().client_id == "c");
    BOOST_TEST(typist->news().empty());
    BOOST_TEST(other->news().size() == 1u);

    stage.gateway.pass_typing({"c", false, Side::admin});
    BOOST_TEST(typist->news().size() == 1u);
    BOOST_TEST(other->news().size() == 1u);
    BOOST_TEST(stage.relayed.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
