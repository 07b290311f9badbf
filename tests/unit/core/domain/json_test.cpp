#include "domain/json.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace livechat {
namespace {

using namespace std::string_literals;

const Message kMessage{3,       Side::admin, "say \"hi\"\n\u20ac", "2025-03-10T12:00:00.000Z",
                       "id\\1", true};
const Message kNameless{1, Side::client, "Hello", "2025-03-10T12:00:00.001Z", std::nullopt, false};

template <class Value>
std::string json_of(const Value& value) {
    std::string out;
    append_json(out, value);
    return out;
}

BOOST_AUTO_TEST_SUITE(domain_json)

BOOST_AUTO_TEST_CASE(a_message_with_a_message_id) {
    BOOST_TEST(json_of(kMessage) ==
               R"({"message":"say \"hi\"\n)"
               "\u20ac"
               R"(","sender":"admin","createdAt":"2025-03-10T12:00:00.000Z","seq":3,)"
               R"("messageId":"id\\1","read":true})");
}

BOOST_AUTO_TEST_CASE(an_erased_message_says_so) {
    const Message erased{1, Side::client, "", "2025-03-10T12:00:00.001Z", std::nullopt, false};
    BOOST_TEST(json_of(erased) ==
               R"({"message":"","sender":"client","createdAt":"2025-03-10T12:00:00.001Z",)"
               R"("seq":1,"read":false,"erased":true})");
    std::string event;
    append_new_message(event, "c", erased);
    BOOST_TEST(event == R"({"clientId":"c","message":"","sender":"client",)"
                        R"("createdAt":"2025-03-10T12:00:00.001Z","seq":1,"erased":true})");
}

BOOST_AUTO_TEST_CASE(a_message_without_a_message_id) {
    BOOST_TEST(json_of(kNameless) ==
               R"({"message":"Hello","sender":"client","createdAt":"2025-03-10T12:00:00.001Z",)"
               R"("seq":1,"read":false})");
}

BOOST_AUTO_TEST_CASE(messages_are_a_list) {
    BOOST_TEST(json_of(std::span<const Message>()) == "[]");
    const std::vector<Message> one{kNameless};
    BOOST_TEST(json_of(std::span<const Message>(one)) == "[" + json_of(kNameless) + "]");
    const std::vector<Message> two{kNameless, kMessage};
    BOOST_TEST(json_of(std::span<const Message>(two)) ==
               "[" + json_of(kNameless) + "," + json_of(kMessage) + "]");
}

BOOST_AUTO_TEST_CASE(a_session_with_its_last_message) {
    Session session{
        "user\"1", SessionStatus::active, "2025-03-10T11:00:00.000Z", 3, 2, 18446744073709551615u,
        kMessage};
    BOOST_TEST(json_of(session) ==
               R"({"clientId":"user\"1","status":"active","lastMessage":)"
               R"({"message":"say \"hi\"\n)"
               "\u20ac"
               R"(","createdAt":"2025-03-10T12:00:00.000Z","sender":"admin","seq":3},)"
               R"("unread":{"client":2,"admin":18446744073709551615},)"
               R"("createdAt":"2025-03-10T11:00:00.000Z"})");
}

BOOST_AUTO_TEST_CASE(a_session_whose_visitor_waits) {
    Session session{"c", SessionStatus::active, "2025-03-10T11:00:00.000Z", 0, 0, 0, std::nullopt};
    session.waiting_since = "2025-03-10T12:00:00.000Z";
    BOOST_TEST(json_of(session) ==
               R"({"clientId":"c","status":"active","lastMessage":null,)"
               R"("unread":{"client":0,"admin":0},"createdAt":"2025-03-10T11:00:00.000Z",)"
               R"("waitingSince":"2025-03-10T12:00:00.000Z"})");
}

BOOST_AUTO_TEST_CASE(a_session_without_a_message) {
    Session session{"c", SessionStatus::closed, "2025-03-10T11:00:00.000Z", 0, 0, 0, std::nullopt};
    BOOST_TEST(json_of(session) ==
               R"({"clientId":"c","status":"closed","lastMessage":null,)"
               R"("unread":{"client":0,"admin":0},"createdAt":"2025-03-10T11:00:00.000Z"})");
}

BOOST_AUTO_TEST_CASE(what_a_sender_is_told_stands_in_an_object_of_the_callers) {
    std::string out = "{";
    append_sent_members(out, {7, "2025-03-10T12:00:00.000Z", "m", false});
    BOOST_TEST(out == R"({"seq":7,"createdAt":"2025-03-10T12:00:00.000Z","messageId":"m")");
    out = R"({"status":"ok")";
    append_sent_members(out, {7, "2025-03-10T12:00:00.000Z", std::nullopt, true});
    BOOST_TEST(out == R"({"status":"ok","seq":7,"createdAt":"2025-03-10T12:00:00.000Z",)"
                      R"("messageId":null)");
}

BOOST_AUTO_TEST_CASE(the_event_of_a_new_message) {
    std::string out;
    append_new_message(out, "c\n", kMessage);
    BOOST_TEST(out == R"({"clientId":"c\n","message":"say \"hi\"\n)"
                      "\u20ac"
                      R"(","sender":"admin","createdAt":"2025-03-10T12:00:00.000Z","seq":3,)"
                      R"("messageId":"id\\1"})");
    out.clear();
    append_new_message(out, "c", kNameless);
    BOOST_TEST(out == R"({"clientId":"c","message":"Hello","sender":"client",)"
                      R"("createdAt":"2025-03-10T12:00:00.001Z","seq":1})");
}

const std::vector<std::string> kTexts{
    "{", "[", "}", "]", ",", ":", "\"", "\\", "\0"s, "\n", "\u2028", "</script>", "{\"a\":[",
};

BOOST_DATA_TEST_CASE(whatever_a_text_holds_the_json_stays_whole, kTexts, text) {
    const Message message{1, Side::client, text, "t", text, false};
    const auto parsed = parse_json(json_of(message)).value();
    BOOST_TEST(parsed["message"].get<std::string>() == text);
    BOOST_TEST(parsed["messageId"].get<std::string>() == text);
    BOOST_TEST(parsed.size() == 6u);

    Session session;
    session.client_id = text;
    session.last_message = message;
    const auto row = parse_json(json_of(session)).value();
    BOOST_TEST(row["clientId"].get<std::string>() == text);
    BOOST_TEST(row["lastMessage"]["message"].get<std::string>() == text);

    std::string event;
    append_new_message(event, text, message);
    BOOST_TEST(parse_json(event).value()["clientId"].get<std::string>() == text);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
