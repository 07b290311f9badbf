#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "transfer/import_line.hpp"

namespace livechat::admin {
namespace {

const Limits kLimits;

struct Bad {
    std::string line;
    std::string sentence;
};
std::ostream& operator<<(std::ostream& out, const Bad& bad) { return out << bad.line; }

const std::vector<Bad> kBad{
    {"", "it is no JSON object"},
    {"[]", "it is no JSON object"},
    {R"({"clientId":"a")", "it is no JSON object"},
    {R"({})", "clientId is missing"},
    {R"({"clientId":null})", "clientId is missing"},
    {R"({"clientId":7})", "clientId is a string"},
    {R"({"clientId":"a","message":"x"})", "sender is missing"},
    {R"({"clientId":"a","sender":"client"})", "message is missing"},
    {R"({"clientId":"a","sender":"client","message":7})", "message is a string"},
    {R"({"clientId":"a","sender":"client","message":"x","read":1})", "read is true or false"},
    {R"({"clientId":"a","sender":"client","message":"x","messageId":7})", "messageId is a string"},
    {R"({"clientId":"a","status":"open"})", "status is active or closed"},
};

const std::vector<std::string> kRefusedByTheRules{
    R"({"clientId":""})",
    R"({"clientId":"a\u0000b"})",
    R"({"clientId":"a","sender":"bot","message":"x"})",
    R"({"clientId":"a","sender":"client","message":""})",
    R"({"clientId":"a","sender":"client","message":" \n"})",
    R"({"clientId":"a","sender":"client","message":" ","erased":true})",
    R"({"clientId":"a","sender":"client","message":"x","messageId":""})",
    R"({"clientId":"a","sender":"client","message":"x","createdAt":"yesterday"})",
    R"({"clientId":"a","sender":"client","message":"x","createdAt":true})",
    R"({"clientId":"a","createdAt":-5})",
};

ImportItem named(const std::string& line, std::uint64_t number, MessageNames& names) {
    auto item = parse_import_line(line, kLimits).value();
    names.name(item, number);
    return item;
}

std::string id_of(const std::string& line, std::uint64_t number) {
    MessageNames names;
    return *named(line, number, names).message->message_id;
}

const std::string kDated =
    R"({"clientId":"a","sender":"client","message":"ok","createdAt":"2025-03-10T12:00:00Z"})";
const std::string kUndated = R"({"clientId":"a","sender":"client","message":"ok"})";

BOOST_AUTO_TEST_SUITE(import_line)

BOOST_AUTO_TEST_CASE(a_message_with_everything) {
    const auto item = parse_import_line(
        R"({"clientId":"a","sender":"admin","message":"Hi €","messageId":"m","read":true,)"
        R"("createdAt":"2025-03-10T12:00:00Z","seq":7,"other":[1]})",
        kLimits);
    BOOST_REQUIRE(item);
    BOOST_TEST(item->client_id == "a");
    BOOST_TEST(item->created_at.value() == "2025-03-10 12:00:00.000");
    BOOST_REQUIRE(item->message);
    BOOST_TEST(item->message->client_id == "a");
    BOOST_TEST((item->message->sender == Side::admin));
    BOOST_TEST(item->message->text == "Hi €");
    BOOST_TEST(item->message->message_id.value() == "m");
    BOOST_TEST(item->read);
    BOOST_TEST(!item->status);
}

BOOST_AUTO_TEST_CASE(a_line_without_a_message_is_about_the_session) {
    const auto item =
        parse_import_line(R"({"clientId":"a","status":"closed","createdAt":0})", kLimits);
    BOOST_REQUIRE(item);
    BOOST_TEST(!item->message);
    BOOST_TEST((item->status == SessionStatus::closed));
    BOOST_TEST(item->created_at.value() == "1970-01-01 00:00:00.000");
    BOOST_TEST(!parse_import_line(R"({"clientId":"a"})", kLimits)->status);
}

BOOST_AUTO_TEST_CASE(an_erased_message_stays_erased) {
    const auto item = parse_import_line(
        R"({"clientId":"a","sender":"client","message":"","erased":true})", kLimits);
    BOOST_REQUIRE(item);
    BOOST_TEST(item->message->text.empty());
}

BOOST_DATA_TEST_CASE(a_bad_line_is_told_what_is_wrong, kBad, bad) {
    const auto item = parse_import_line(bad.line, kLimits);
    BOOST_REQUIRE(!item);
    BOOST_TEST(item.error() == bad.sentence);
}

BOOST_DATA_TEST_CASE(what_the_rules_refuse_is_no_import_either, kRefusedByTheRules, line) {
    const auto item = parse_import_line(line, kLimits);
    BOOST_REQUIRE(!item);
    BOOST_TEST(!item.error().empty());
}

BOOST_AUTO_TEST_CASE(a_message_keeps_the_name_that_it_has) {
    BOOST_TEST(id_of(R"({"clientId":"a","sender":"client","message":"x","messageId":"m"})", 1) ==
               "m");
}

BOOST_AUTO_TEST_CASE(the_same_line_gets_the_same_name_in_each_run) {
    BOOST_TEST(id_of(kDated, 1) == id_of(kDated, 900));
    BOOST_TEST(id_of(kUndated, 3) == id_of(kUndated, 3));
}

BOOST_AUTO_TEST_CASE(a_line_without_a_time_is_named_by_its_number) {
    BOOST_TEST(id_of(kUndated, 3) != id_of(kUndated, 4));
}

BOOST_AUTO_TEST_CASE(whoever_says_the_same_twice_in_one_moment_has_said_it_twice) {
    MessageNames names;
    const auto first = *named(kDated, 1, names).message->message_id;
    const auto second = *named(kDated, 2, names).message->message_id;
    const auto third = *named(kDated, 3, names).message->message_id;
    BOOST_TEST(second == first + "-1");
    BOOST_TEST(third == first + "-2");
}

BOOST_AUTO_TEST_CASE(a_name_fits_into_its_column) {
    MessageNames names;
    for (int i = 0; i < 12'000; ++i) {
        const auto item = named(kDated, 1, names);
        BOOST_REQUIRE(item.message->message_id->size() <= 64);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::admin
