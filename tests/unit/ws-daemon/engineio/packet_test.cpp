#include "engineio/packet.hpp"

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>

#include "engineio/base64.hpp"

namespace livechat::eio {

std::ostream& operator<<(std::ostream& out, const Packet& packet) {
    return out << (packet.binary ? "binary " + packet.data : encode(packet));
}

namespace {

BOOST_AUTO_TEST_SUITE(engineio_packet)

const std::vector<Packet> kPackets{
    {PacketType::open, false, "{}"},         {PacketType::close, false, ""},
    {PacketType::ping, false, "probe"},      {PacketType::pong, false, "probe"},
    {PacketType::message, false, "h\u20ac"}, {PacketType::upgrade, false, ""},
    {PacketType::noop, false, ""},
};
const std::vector<std::string> kFrames{"0{}", "1", "2probe", "3probe", "4h\u20ac", "5", "6"};
const std::vector<std::string> kMalformedFrames{"", "7", "/", "x", " 4", "b"};
const std::vector<std::string> kMalformedBodies{"",       "|",    "4a|", "|4a",
                                                "4a||4b", "4a|9", "b!",  "bA"};

// A polling body, with '|' standing for the separator.
std::string body(std::string text) {
    std::ranges::replace(text, '|', '\x1e');
    return text;
}

BOOST_DATA_TEST_CASE(each_type_has_one_wire_form, kPackets ^ kFrames, packet, frame) {
    BOOST_TEST(encode(packet) == frame);
    BOOST_TEST(decode(frame).value() == packet);
}

BOOST_DATA_TEST_CASE(a_malformed_frame_is_refused, kMalformedFrames, frame) {
    BOOST_TEST(!decode(frame));
}

BOOST_DATA_TEST_CASE(one_bad_packet_spoils_the_body, kMalformedBodies, text) {
    BOOST_TEST(!decode_payload(body(text), 8));
}

BOOST_AUTO_TEST_CASE(a_body_keeps_the_order_of_its_packets) {
    const auto encoded = body("0{}|1|2probe|3probe|4h\u20ac|5|6");
    BOOST_TEST(encode_payload(kPackets) == encoded);
    BOOST_TEST(decode_payload(encoded, 7).value() == kPackets, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(binary_is_base64_without_a_type) {
    const std::vector<Packet> packets{{PacketType::message, false, "a"},
                                      {PacketType::message, true, std::string("\x01\x02\x03\x04")}};
    BOOST_TEST(encode_payload(packets) == body("4a|bAQIDBA=="));
    BOOST_TEST(decode_payload(body("4a|bAQIDBA=="), 2).value() == packets,
               boost::test_tools::per_element());
    BOOST_TEST(decode_payload(body("4a|bAQIDBA"), 2).value() == packets,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_body_over_the_limit_is_refused) {
    BOOST_TEST(decode_payload(body("2|2"), 2).has_value());
    BOOST_TEST(!decode_payload(body("2|2|2"), 2));
}

BOOST_AUTO_TEST_CASE(base64_of_any_length_comes_back) {
    std::string bytes;
    for (int i = 0; i < 300; ++i) {
        std::string text;
        append_base64(text, bytes);
        BOOST_TEST(from_base64(text).value() == bytes);
        bytes += static_cast<char>(i * 7);
    }
}

BOOST_AUTO_TEST_CASE(a_frame_leaves_its_headroom_out_of_a_payload) {
    std::string out;
    append_to_payload(out, Frame{"\x81\x02"
                                 "4a",
                                 2, false});
    append_to_payload(out, Frame{"\x01", 0, true});
    BOOST_TEST(out == body("4a|bAQ=="));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::eio
