#include "feed/position.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <ostream>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace livechat::feed {

std::ostream& operator<<(std::ostream& out, const Position& position) {
    out << position.newest;
    for (const Id hole : position.holes) out << " -" << hole;
    return out;
}

namespace {

using namespace std::string_literals;

constexpr Id kLargest = std::numeric_limits<Id>::max();

BOOST_AUTO_TEST_SUITE(position)

const std::vector<Position> kPositions{
    {0, {}},
    {1, {}},
    {35, {}},
    {36, {}},
    {57899, {}},
    {kLargest, {}},
    {10, {9}},
    {10, {1, 2, 3}},
    {100, {64, 99}},
    {57911, {57896, 57908}},
    {kLargest, {1, kLargest - 1}},
};
const std::vector<std::string> kTexts{
    "0",
    "1",
    "z",
    "10",
    "18ob",
    "3w5e11264sgsf",
    "a.1",
    "a.7.1.1",
    "2s.1.z",
    "18on.3.c",
    "3w5e11264sgsf.1.3w5e11264sgsd",
};

BOOST_DATA_TEST_CASE(a_position_has_one_text, kPositions ^ kTexts, position, text) {
    BOOST_TEST(encode(position) == text);
    BOOST_TEST(decode_position(text).value() == position);
}

const std::vector<std::string> kMalformed{
    "",
    ".",
    "-1",
    "+1",
    " 1",
    "1 ",
    "1.",
    ".1",
    "1..1",
    "1.1.",
    "1A",
    "A",
    "01",
    "00",
    "1.01",
    "a.0",
    "a.0.1",
    "a.b",
    "a.a",
    "1.1",
    "a.9.2",
    "1,1",
    "1.-1",
    "1_1",
    "1\0"s,
    "\0"s,
    "1.1\n",
    "\u00e9",
    "1 .1",
    "0x1f",
    "1e+3",
    "3w5e11264sgsg",
    "zzzzzzzzzzzzz",
    "10000000000000",
    "00000000000000000001",
    "1.3w5e11264sgsg",
};

BOOST_DATA_TEST_CASE(what_encode_does_not_write_is_refused, kMalformed, text) {
    BOOST_TEST(!decode_position(text));
}

BOOST_AUTO_TEST_CASE(as_many_holes_as_allowed_are_written_and_one_more_is_not) {
    Position position{1000, {}};
    for (Id id = 1; id <= Position::kMaxHoles; ++id) position.holes.push_back(id * 10);
    const auto text = encode(position);
    BOOST_TEST(!text.empty());
    BOOST_TEST(decode_position(text).value() == position);
    BOOST_TEST(!decode_position(text + ".1"));
    position.holes.push_back(999);
    BOOST_TEST(encode(position) == "-");
    BOOST_TEST(!decode_position("-"));
}

BOOST_AUTO_TEST_CASE(the_text_stays_short) {
    Position position{kLargest, {}};
    for (Id id = 1; id <= Position::kMaxHoles; ++id)
        position.holes.push_back(kLargest / Position::kMaxHoles * id - 1);
    BOOST_TEST(encode(position).size() <= 14 * (Position::kMaxHoles + 1));
}

BOOST_DATA_TEST_CASE(any_position_makes_the_round_trip, boost::unit_test::data::xrange(300), seed) {
    std::mt19937_64 random(static_cast<unsigned>(seed));
    const Id newest = 1 + (random() >> (random() % 64));
    std::set<Id> holes;
    for (auto left = random() % (Position::kMaxHoles + 1); left > 0; --left) {
        const Id hole = random() % newest;
        if (hole > 0) holes.insert(hole);
    }
    const Position position{newest, {holes.begin(), holes.end()}};
    BOOST_TEST(decode_position(encode(position)).value() == position);
}

BOOST_DATA_TEST_CASE(what_is_read_from_any_text_is_written_as_that_text,
                     boost::unit_test::data::xrange(300),
                     seed) {
    constexpr std::string_view kAlphabet = "0123456789abcdefghijklmnopqrstuvwxyzAZ....";
    std::mt19937 random(static_cast<unsigned>(seed));
    std::string text;
    for (auto left = random() % 12; left > 0; --left)
        text += kAlphabet[random() % kAlphabet.size()];
    if (const auto position = decode_position(text)) BOOST_TEST(encode(*position) == text);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(catch_up)

BOOST_AUTO_TEST_CASE(without_holes_a_client_stands_where_it_was_last_sent_something) {
    CatchUp client({10, {}}, {20, {}});
    BOOST_TEST(client.take(12) == Position({12, {}}));
    BOOST_TEST(client.take(17) == Position({17, {}}));
}

BOOST_AUTO_TEST_CASE(a_hole_of_the_client_that_is_filled_is_gone) {
    CatchUp client({10, {4, 7}}, {20, {4}});
    BOOST_TEST(client.take(7) == Position({10, {4}}));
    BOOST_TEST(client.take(11) == Position({11, {4}}));
}

BOOST_AUTO_TEST_CASE(a_hole_of_the_feed_becomes_one_of_the_client_once_it_is_past_it) {
    CatchUp client({10, {}}, {20, {13, 18}});
    BOOST_TEST(client.take(12) == Position({12, {}}));
    BOOST_TEST(client.take(15) == Position({15, {13}}));
    BOOST_TEST(client.take(20) == Position({20, {13, 18}}));
}

BOOST_AUTO_TEST_CASE(a_hole_of_the_client_that_the_feed_has_closed_is_not_waited_for) {
    // 4 was rolled back, or was another room's: the client lacks nothing of it.
    CatchUp client({10, {4}}, {20, {}});
    BOOST_TEST(client.take(11) == Position({11, {}}));
}

BOOST_AUTO_TEST_CASE(an_id_that_was_a_hole_of_the_feed_and_is_sent_all_the_same_is_none) {
    CatchUp client({10, {}}, {20, {13, 14}});
    BOOST_TEST(client.take(13) == Position({13, {}}));
    BOOST_TEST(client.take(15) == Position({15, {14}}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::feed
