// The records of an answer.
#include "fcgi_io/records.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace livechat::fcgi_io {
namespace {

using namespace std::string_literals;

// Both streams' ends: an empty FCGI_STDOUT, and FCGI_END_REQUEST of request 1.
const std::string kEnd =
    "\x01\x06\x00\x01\x00\x00\x00\x00"s
    "\x01\x03\x00\x01\x00\x08\x00\x00"s
    "\x00\x00\x00\x00\x00\x00\x00\x00"s;

std::string answer(std::uint16_t request_id, std::string_view output) {
    std::string out;
    append_answer(out, request_id, output);
    return out;
}

BOOST_AUTO_TEST_SUITE(records)

BOOST_AUTO_TEST_CASE(an_answer_is_its_output_and_two_ends) {
    BOOST_TEST(answer(1, "Status: 200\r\n\r\n{}") ==
               "\x01\x06\x00\x01\x00\x11\x00\x00"s
               "Status: 200\r\n\r\n{}"s +
                   kEnd);
    BOOST_TEST(answer(1, "") == kEnd);
}

BOOST_AUTO_TEST_CASE(records_carry_the_number_of_their_request) {
    const auto out = answer(0xabcd, "x");
    for (const std::size_t record : {0, 9, 17}) BOOST_TEST(out.substr(record + 2, 2) == "\xab\xcd");
}

BOOST_AUTO_TEST_CASE(a_long_answer_takes_several_records) {
    constexpr std::size_t kMost = 0xffff;
    const auto full = "\x01\x06\x00\x01\xff\xff\x00\x00"s;
    const std::string body(kMost, 'x');
    BOOST_TEST(answer(1, body) == full + body + kEnd);
    BOOST_TEST(answer(1, body + "yz") ==
               full + body + "\x01\x06\x00\x01\x00\x02\x00\x00"s + "yz" + kEnd);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::fcgi_io
