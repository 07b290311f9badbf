#include "gateway/payload.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace livechat::gateway {
namespace {

const Limits kLimits;

// An event's arguments and the code and sentence that refuse them.
struct Refused {
    std::string args;
    std::string code;
    std::string message;
};
std::ostream& operator<<(std::ostream& out, const Refused& refused) { return out << refused.args; }

app::Json args_of(const std::string& text) { return parse_json(text).value(); }

template <class Payload>
void check_refused(const Result<Payload>& result, const Refused& expected) {
    BOOST_TEST_REQUIRE(!result);
    BOOST_TEST(to_string(result.error().code) == expected.code);
    BOOST_TEST(result.error().message == expected.message);
}

constexpr auto kClientRequired = "clientId is required";
constexpr auto kClientString = "clientId is a string";
constexpr auto kClientLength = "clientId has 1 to 128 characters";
constexpr auto kClientControl = "clientId holds a control character";
constexpr auto kObject = "the payload must be an object";
constexpr auto kSender = "sender is \"client\" or \"admin\"";
constexpr auto kAfter = "after is a whole number from 0";
constexpr auto kTyping = "isTyping is true or false";
constexpr auto kBlank = "message is required and must not be blank";

// What is wrong with the clientId of an object is the same in every event.
const std::vector<Refused> kBadClientIds{
    {R"([{}])", "client_id_required", kClientRequired},
    {R"([{"clientid":"c"}])", "client_id_required", kClientRequired},
    {R"([{"clientId":null}])", "client_id_required", kClientRequired},
    {R"([{"clientId":""}])", "client_id_required", kClientRequired},
    {R"([{"clientId":1}])", "client_id_invalid", kClientString},
    {R"([{"clientId":true}])", "client_id_invalid", kClientString},
    {R"([{"clientId":["c"]}])", "client_id_invalid", kClientString},
    {R"([{"clientId":{"clientId":"c"}}])", "client_id_invalid", kClientString},
    {R"([{"clientId":"a\u0000b"}])", "client_id_invalid", kClientControl},
    {R"([{"clientId":"\n"}])", "client_id_invalid", kClientControl},
    {R"([{"clientId":")" + std::string(129, 'x') + R"("}])", "client_id_invalid", kClientLength},
};

// Arguments that are no object at all.
const std::vector<std::string> kNoObjects{
    "[]", "[null]", "[\"c\"]", "[1]", "[[]]", "[true]", "[[{\"clientId\":\"c\"}]]"};

BOOST_AUTO_TEST_SUITE(payload)

BOOST_DATA_TEST_CASE(a_bad_client_id_is_refused_in_every_event, kBadClientIds, sample) {
    const auto args = args_of(sample.args);
    check_refused(read_join(args, kLimits), sample);
    check_refused(read_leave(args, kLimits), sample);
    check_refused(read_message(args, kLimits), sample);
    check_refused(read_typing(args, kLimits), sample);
    check_refused(read_mark_read(args, kLimits), sample);
}

BOOST_DATA_TEST_CASE(what_is_no_object_is_refused_where_one_is_needed, kNoObjects, text) {
    const Refused expected{text, "invalid_payload", kObject};
    check_refused(read_message(args_of(text), kLimits), expected);
    check_refused(read_typing(args_of(text), kLimits), expected);
    check_refused(read_mark_read(args_of(text), kLimits), expected);
}

BOOST_AUTO_TEST_CASE(a_join_is_a_client_id_or_an_object_with_one) {
    BOOST_TEST(read_join(args_of(R"(["user123"])"), kLimits)->client_id == "user123");
    BOOST_TEST(!read_join(args_of(R"(["user123"])"), kLimits)->after);
    BOOST_TEST(!read_join(args_of(R"([{"clientId":"c"}])"), kLimits)->after);
    BOOST_TEST(!read_join(args_of(R"([{"clientId":"c","after":null}])"), kLimits)->after);
    BOOST_TEST(read_join(args_of(R"([{"clientId":"c","after":0}])"), kLimits)->after.value() == 0u);
    BOOST_TEST(read_join(args_of(R"([{"clientId":"c","after":9007199254740991}])"), kLimits)
                   ->after.value() == 9007199254740991u);
    BOOST_TEST(!read_join(args_of(R"([{"clientId":"c"}])"), kLimits)->epoch);
    BOOST_TEST(!read_join(args_of(R"([{"clientId":"c","epoch":7}])"), kLimits)->epoch);
    BOOST_TEST(read_join(args_of(R"([{"clientId":"c","epoch":"e"}])"), kLimits)->epoch.value() ==
               "e");
}

BOOST_AUTO_TEST_CASE(further_arguments_and_unknown_members_are_ignored) {
    BOOST_TEST(read_join(args_of(R"(["c",{"after":"x"},7])"), kLimits)->client_id == "c");
    BOOST_TEST(read_join(args_of(R"([{"x":[{}],"clientId":"c"}])"), kLimits)->client_id == "c");
    BOOST_TEST(read_leave(args_of(R"([{"clientId":"c","after":-1},1])"), kLimits).value() == "c");
}

const std::vector<Refused> kBadJoins{
    {R"([])", "client_id_required", kClientRequired},
    {R"([null])", "client_id_required", kClientRequired},
    {R"([""])", "client_id_required", kClientRequired},
    {R"([1])", "client_id_invalid", kClientString},
    {R"([["c"]])", "client_id_invalid", kClientString},
    {R"([false])", "client_id_invalid", kClientString},
};

BOOST_DATA_TEST_CASE(an_odd_client_id_alone_is_refused, kBadJoins, sample) {
    check_refused(read_join(args_of(sample.args), kLimits), sample);
    check_refused(read_leave(args_of(sample.args), kLimits), sample);
}

const std::vector<std::string> kBadSeqs{
    "-1",
    "1.0",
    "1.5",
    "1e3",
    "\"1\"",
    "\"\"",
    "true",
    "[]",
    "{}",
    "9007199254740992",
    "18446744073709551615",
    "18446744073709551616",
};

BOOST_DATA_TEST_CASE(an_odd_after_is_refused, kBadSeqs, after) {
    const auto args = R"([{"clientId":"c","after":)" + after + "}]";
    check_refused(read_join(args_of(args), kLimits), {args, "seq_invalid", kAfter});
}

BOOST_AUTO_TEST_CASE(a_message_is_read_with_and_without_a_message_id) {
    const auto named = read_message(
        args_of(R"([{"clientId":"c","message":" hi\u0000 ","sender":"admin","messageId":"m"}])"),
        kLimits);
    BOOST_TEST_REQUIRE(named.has_value());
    BOOST_TEST(named->client_id == "c");
    BOOST_TEST(named->text == std::string(" hi\0 ", 5));
    BOOST_CHECK(named->sender == Side::admin);
    BOOST_TEST(named->message_id.value() == "m");
    const auto nameless = read_message(
        args_of(R"([{"clientId":"c","message":"hi","sender":"client","messageId":null}])"),
        kLimits);
    BOOST_TEST_REQUIRE(nameless.has_value());
    BOOST_CHECK(nameless->sender == Side::client);
    BOOST_TEST(!nameless->message_id);
}

// The rest of a message whose clientId is good.
std::string message_with(const std::string& members) {
    return R"([{"clientId":"c",)" + members + "}]";
}

const std::vector<Refused> kBadMessages{
    {message_with(R"("sender":"client")"), "message_required", "message is required"},
    {message_with(R"("message":null,"sender":"client")"), "message_required",
     "message is required"},
    {message_with(R"("message":"","sender":"client")"), "message_required", kBlank},
    {message_with(R"("message":" \n\t\u00a0","sender":"client")"), "message_required", kBlank},
    {message_with(R"("message":1,"sender":"client")"), "message_invalid", "message is a string"},
    {message_with(R"("message":{"text":"x"},"sender":"client")"), "message_invalid",
     "message is a string"},
    {message_with(R"("message":["x"],"sender":"client")"), "message_invalid",
     "message is a string"},
    {message_with(R"("message":")" + std::string(65537, 'x') + R"(","sender":"client")"),
     "message_too_long", "message is longer than 65536 bytes"},
    {message_with(R"("message":"x")"), "sender_invalid", kSender},
    {message_with(R"("message":"x","sender":null)"), "sender_invalid", kSender},
    {message_with(R"("message":"x","sender":"Client")"), "sender_invalid", kSender},
    {message_with(R"("message":"x","sender":["client"])"), "sender_invalid", kSender},
    {message_with(R"("message":"x","sender":0)"), "sender_invalid", kSender},
    {message_with(R"("message":"x","sender":"client","messageId":7)"), "message_id_invalid",
     "messageId is a string"},
    {message_with(R"("message":"x","sender":"client","messageId":{})"), "message_id_invalid",
     "messageId is a string"},
    {message_with(R"("message":"x","sender":"client","messageId":"")"), "message_id_invalid",
     "messageId has 1 to 64 characters"},
    {message_with(R"("message":"x","sender":"client","messageId":")" + std::string(65, 'x') + '"'),
     "message_id_invalid", "messageId has 1 to 64 characters"},
    {message_with(R"("message":"x","sender":"client","messageId":"a\nb")"), "message_id_invalid",
     "messageId holds a control character"},
};

BOOST_DATA_TEST_CASE(an_odd_message_is_refused, kBadMessages, sample) {
    check_refused(read_message(args_of(sample.args), kLimits), sample);
}

BOOST_AUTO_TEST_CASE(limits_other_than_the_defaults_hold_as_well) {
    Limits limits;
    limits.message_bytes = 3;
    const auto args = [](const std::string& text) {
        return args_of(message_with(R"("sender":"client","message":")" + text + '"'));
    };
    BOOST_TEST(read_message(args("abc"), limits).has_value());
    BOOST_CHECK(read_message(args("abcd"), limits).error().code == ErrorCode::message_too_long);
}

BOOST_AUTO_TEST_CASE(typing_is_read) {
    const auto typing =
        read_typing(args_of(message_with(R"("isTyping":true,"sender":"admin")")), kLimits);
    BOOST_TEST_REQUIRE(typing.has_value());
    BOOST_TEST(typing->client_id == "c");
    BOOST_TEST(typing->is_typing);
    BOOST_CHECK(typing->sender == Side::admin);
}

const std::vector<Refused> kBadTypings{
    {message_with(R"("sender":"client")"), "invalid_payload", kTyping},
    {message_with(R"("isTyping":1,"sender":"client")"), "invalid_payload", kTyping},
    {message_with(R"("isTyping":"true","sender":"client")"), "invalid_payload", kTyping},
    {message_with(R"("isTyping":null,"sender":"client")"), "invalid_payload", kTyping},
    {message_with(R"("isTyping":true)"), "sender_invalid", kSender},
    {message_with(R"("isTyping":true,"sender":"visitor")"), "sender_invalid", kSender},
};

BOOST_DATA_TEST_CASE(odd_typing_is_refused, kBadTypings, sample) {
    check_refused(read_typing(args_of(sample.args), kLimits), sample);
}

BOOST_AUTO_TEST_CASE(the_sender_of_mark_read_is_the_reader) {
    const auto read = read_mark_read(args_of(message_with(R"("sender":"admin")")), kLimits);
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->client_id == "c");
    BOOST_CHECK(read->reader == Side::admin);
    check_refused(read_mark_read(args_of(R"([{"clientId":"c"}])"), kLimits),
                  {"", "sender_invalid", kSender});
    check_refused(read_mark_read(args_of(message_with(R"("sender":1)")), kLimits),
                  {"", "sender_invalid", kSender});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
