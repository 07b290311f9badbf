#include "socketio/packet.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace livechat::sio {
namespace {

BOOST_AUTO_TEST_SUITE(socketio_packet)

const std::vector<std::string> kValid{
    "0",
    R"(0{"token":"x"})",
    R"(0/custom,{"a":[1,{"z":0,"b":1}]})",
    "1",
    "1/custom,",
    R"(2["message",1,"2"])",
    R"(2456["message"])",
    R"(2/custom,0[1])",
    R"(29007199254740991["x"])",
    "31[]",
    R"(3/custom,2[null])",
    R"(52-["a",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}])",
    R"(61-9[{"_placeholder":true,"num":0}])",
};
const std::vector<std::string> kMalformed{
    "",
    std::string("2[\"x\"]\0junk", 11),
    "x",
    "7",
    "0[]",
    R"(0"x")",
    R"(0{"a":)",
    "1{}",
    "2",
    "2{}",
    "2[]",
    "2[null]",
    "2abc[\"x\"]",
    "2[\"x\"",
    "3[]",
    "31{}",
    "3",
    "4",
    "4{}",
    "5[\"x\"]",
    "5-[\"x\"]",
    "51[\"x\"]",
    "511-[\"x\"]",
    R"(51-["x",{"_placeholder":true,"num":1}])",
    R"(51-["x",{"_placeholder":true}])",
    R"(2["connect"])",
    R"(2["disconnecting"])",
    R"(29007199254740992["x"])",
    "0/\xff,",
    R"(51-["x",{"_placeholder":true,"num":0.5}])",
};

BOOST_DATA_TEST_CASE(a_valid_packet_comes_back_as_it_was, kValid, text) {
    const auto packet = decode(text);
    BOOST_TEST_REQUIRE(packet.has_value());
    BOOST_TEST(encode(*packet) == text);
}

BOOST_DATA_TEST_CASE(a_malformed_packet_is_refused, kMalformed, text) { BOOST_TEST(!decode(text)); }

BOOST_AUTO_TEST_CASE(a_namespace_may_come_without_its_comma) {
    BOOST_TEST(decode("0/custom")->nsp == "/custom");
    BOOST_TEST(decode("1/custom")->nsp == "/custom");
    BOOST_TEST(!decode("0/" + std::string(kMaxNamespaceBytes, 'x')));
}

BOOST_AUTO_TEST_CASE(the_servers_packets_have_their_documented_form) {
    BOOST_TEST(encode_connect("/", "s", "") == R"(0{"sid":"s"})");
    BOOST_TEST(encode_connect("/a", "s", "p") == R"(0/a,{"sid":"s","pid":"p"})");
    BOOST_TEST(encode_connect_error("/", "no", {{"code", 1}}) ==
               R"(4{"message":"no","data":{"code":1}})");
    BOOST_TEST(encode_disconnect("/a") == "1/a,");
    BOOST_TEST(encode_event("/", "e", Json::array({1, "x"})) == R"(2["e",1,"x"])");
    BOOST_TEST(encode_event("/", "e", Json::array(), 2, 7) == R"(52-7["e"])");
    BOOST_TEST(encode_ack("/a", 7, Json::array({1})) == "3/a,7[1]");
    BOOST_TEST(encode_ack("/", 7, Json::array(), 1) == "61-7[]");
    BOOST_TEST(encode_broadcast("/", "e", R"({"z":1})", "") == R"(2["e",{"z":1}])");
    BOOST_TEST(encode_broadcast("/", "e", "{}", "o\"1") == R"(2["e",{},"o\"1"])");
}

BOOST_AUTO_TEST_CASE(half_a_surrogate_pair_becomes_the_replacement_character) {
    BOOST_TEST(parse_json(R"("\ud83d\ude00")")->get<std::string>() == "😀");
    BOOST_TEST(parse_json(R"("\ud83d")")->get<std::string>() == "\ufffd");
    BOOST_TEST(parse_json(R"("\uDE00\ud83d\ude00\uD83Dx")")->get<std::string>() ==
               "\ufffd😀\ufffdx");
    BOOST_TEST(parse_json(R"("\\ud83d")")->get<std::string>() == "\\ud83d");
    BOOST_TEST(parse_json(R"("\\\ud83d")")->get<std::string>() == "\\\ufffd");
    BOOST_TEST(!parse_json(R"("\ud83)"));
}

BOOST_AUTO_TEST_CASE(nul_and_control_characters_are_escaped_again) {
    BOOST_TEST(dump_json(*parse_json(R"("\u0000\u001e")")) == R"("\u0000\u001e")");
}

BOOST_AUTO_TEST_CASE(an_object_of_too_many_members_is_refused) {
    const auto event = [](std::size_t members) {
        std::string text = "2[\"x\",{\"a:\":[]";
        for (std::size_t i = 1; i < members; ++i) text += ",\"" + std::to_string(i) + "\":{}";
        return text + "},{}]";
    };
    BOOST_TEST(decode(event(kMaxMembers)).has_value());
    BOOST_TEST(!decode(event(kMaxMembers + 1)));
}

BOOST_AUTO_TEST_CASE(nesting_beyond_the_limit_is_refused_without_recursion) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    BOOST_TEST(parse_json(nested(kMaxDepth)).has_value());
    BOOST_TEST(!parse_json(nested(kMaxDepth + 1)));
    BOOST_TEST(!parse_json(std::string(1000000, '[')));
    BOOST_TEST(parse_json('"' + std::string(1000, '[') + '"').has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::sio
