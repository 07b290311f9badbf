#include "gateway/gateway.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "stage.hpp"

namespace livechat::gateway {
namespace {

using Log = std::vector<std::string>;
using boost::test_tools::per_element;

const std::string kHello = R"([{"clientId":"c","message":"hello","sender":"client"}])";
const std::string kTyping = R"([{"clientId":"c","isTyping":true,"sender":"client"}])";
const std::string kTyped = R"(typing {"clientId":"c","isTyping":true,"sender":"client"})";
const std::string kRead = R"([{"clientId":"c","sender":"admin"}])";
const Sent kSent{7, "2025-03-10T12:00:00.000Z", "m", false};

BOOST_AUTO_TEST_SUITE(gateway)

BOOST_AUTO_TEST_CASE(each_socket_is_accepted_with_a_secret_of_its_own) {
    Stage stage;
    const auto a = stage.connect();
    const auto b = stage.connect();
    BOOST_TEST(a->news() == Log({"accept"}), per_element());
    BOOST_TEST(a->accepted_pid.size() == 32u);
    BOOST_TEST(a->accepted_pid != b->accepted_pid);
}

BOOST_AUTO_TEST_CASE(a_message_is_acknowledged_once_it_is_committed) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "send-message",
               R"([{"clientId":"c","message":"hello","sender":"admin","messageId":"m"}])", 3);
    BOOST_TEST(socket->news().empty());
    BOOST_TEST_REQUIRE(stage.backend.sends.size() == 1u);
    const auto& message = stage.backend.sends.front().question;
    BOOST_TEST(message.client_id == "c");
    BOOST_TEST(message.text == "hello");
    BOOST_CHECK(message.sender == Side::admin);
    BOOST_TEST(message.message_id.value() == "m");
    answer(stage.backend.sends, kSent);
    BOOST_TEST(socket->news() ==
                   Log({R"(ack 3 [{"status":"ok","seq":7,"createdAt":"2025-03-10T12:00:00.000Z",)"
                        R"("messageId":"m"}])"}),
               per_element());
}

BOOST_AUTO_TEST_CASE(a_message_without_a_message_id_is_acknowledged_with_null) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "send-message", kHello, 0);
    answer(stage.backend.sends, Sent{1, "2025-03-10T12:00:00.000Z", std::nullopt, false});
    BOOST_TEST(socket->news() ==
                   Log({R"(ack 0 [{"status":"ok","seq":1,"createdAt":"2025-03-10T12:00:00.000Z",)"
                        R"("messageId":null}])"}),
               per_element());
}

BOOST_AUTO_TEST_CASE(a_sent_message_reaches_the_room_by_the_feed_alone) {
    Stage stage;
    const auto sender = stage.member("c");
    const auto other = stage.member("c");
    stage.emit(sender, "send-message", kHello);
    answer(stage.backend.sends, kSent);
    BOOST_TEST(sender->news().empty());
    BOOST_TEST(other->news().empty());
    stage.publish("c", 7);
    BOOST_TEST(sender->seqs == std::vector<Seq>({7}), per_element());
    BOOST_TEST(other->seqs == std::vector<Seq>({7}), per_element());
}

// An event, and what asks the backend for it.
struct Asking {
    std::string event;
    std::string args;
    void (*fail)(ScriptedBackend&, const Failure&);
};
std::ostream& operator<<(std::ostream& out, const Asking& asking) { return out << asking.event; }

const std::vector<Asking> kAsking{
    {"join", R"(["c"])", [](ScriptedBackend& b, const Failure& f) { fail_oldest(b.views, f); }},
    {"send-message", kHello, [](ScriptedBackend& b, const Failure& f) { fail_oldest(b.sends, f); }},
    {"mark-read", kRead, [](ScriptedBackend& b, const Failure& f) { fail_oldest(b.reads, f); }},
};
const std::vector<Failure> kFailures{
    {ErrorCode::unavailable, "the database is not available; try again"},
    {ErrorCode::busy, "too much is waiting"},
    {ErrorCode::session_not_found, "there is no such session"},
    {ErrorCode::internal, "internal error"},
};

BOOST_DATA_TEST_CASE(a_failure_of_the_backend_becomes_a_named_error,
                     kAsking* boost::unit_test::data::xrange(kFailures.size()),
                     asking,
                     which) {
    const auto& failure = kFailures[which];
    const auto args = error_args(std::string(to_string(failure.code)), failure.message);
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, asking.event, asking.args, 9);
    asking.fail(stage.backend, failure);
    BOOST_TEST(socket->news() == Log({"ack 9 " + args}), per_element());

    stage.emit(socket, asking.event, asking.args);
    asking.fail(stage.backend, failure);
    BOOST_TEST(socket->news() == Log({"emit chat-error " + args}), per_element());
    BOOST_TEST(stage.backend.idle());
    BOOST_TEST(stage.hub.rooms() == 0u);
}

BOOST_DATA_TEST_CASE(an_answer_for_a_socket_that_has_gone_harms_nobody, kAsking, asking) {
    Stage stage;
    auto socket = stage.connected();
    stage.emit(socket, asking.event, asking.args, 1);
    stage.emit(socket, asking.event, asking.args);
    stage.disconnect(socket);
    asking.fail(stage.backend, unavailable());
    BOOST_TEST(socket->news().empty());
    socket.reset();
    asking.fail(stage.backend, unavailable());
    BOOST_TEST(stage.hub.rooms() == 0u);
}

const std::vector<std::string> kOddEvents{"",        "Join",      "new-message",
                                          "message", "__proto__", "ping"};

BOOST_DATA_TEST_CASE(an_unknown_event_is_refused_and_harms_nobody, kOddEvents, event) {
    Stage stage;
    const auto socket = stage.connected();
    const auto args = error_args("unknown_event", "there is no such event");
    stage.emit(socket, event, R"(["c",{"a":[]},null])", 4);
    stage.emit(socket, event, "[]");
    BOOST_TEST(socket->news() == Log({"ack 4 " + args, "emit chat-error " + args}), per_element());
    BOOST_TEST(stage.backend.idle());
}

const std::vector<std::string> kEvents{"join", "send-message", "typing", "mark-read", "leave"};

BOOST_DATA_TEST_CASE(an_odd_payload_is_refused_before_anybody_is_asked, kEvents, event) {
    Stage stage;
    const auto socket = stage.connected();
    const auto args = error_args("client_id_required", "clientId is required");
    stage.emit(socket, event, "[{}]", 5);
    stage.emit(socket, event, "[{}]");
    BOOST_TEST(socket->news() == Log({"ack 5 " + args, "emit chat-error " + args}), per_element());
    BOOST_TEST(stage.backend.idle());
    BOOST_TEST(stage.hub.rooms() == 0u);
}

BOOST_AUTO_TEST_CASE(typing_goes_to_the_others_in_the_room_and_not_to_the_typist) {
    Stage stage;
    const auto typist = stage.member("c");
    const auto other = stage.member("c");
    const auto elsewhere = stage.member("d");
    stage.emit(typist, "typing", kTyping);
    BOOST_TEST(typist->news().empty());
    BOOST_TEST(other->news() == Log({kTyped}), per_element());
    BOOST_TEST(other->offset.empty());
    BOOST_TEST(elsewhere->news().empty());
    stage.emit(typist, "typing", R"([{"clientId":"c","isTyping":false,"sender":"admin"}])", 2);
    BOOST_TEST(typist->news() == Log({ok_ack(2)}), per_element());
    BOOST_TEST(
        other->news() == Log({R"(typing {"clientId":"c","isTyping":false,"sender":"admin"})"}),
        per_element());
    BOOST_TEST(stage.backend.idle());
}

BOOST_AUTO_TEST_CASE(typing_passes_by_a_socket_that_reads_slowly) {
    Stage stage;
    const auto typist = stage.member("c");
    const auto slow = stage.member("c");
    slow->room = false;
    stage.emit(typist, "typing", kTyping);
    BOOST_TEST(slow->news().empty());
}

BOOST_AUTO_TEST_CASE(typing_goes_on_a_few_times_a_second_and_is_acknowledged_always) {
    Stage stage;
    const auto typist = stage.member("c");
    const auto second = stage.member("c");
    const auto reader = stage.member("c");
    for (int i = 0; i < 50; ++i) stage.emit(typist, "typing", kTyping, 1);
    BOOST_TEST(reader->news().size() == stage.config.limits.typing_per_second);
    BOOST_TEST(typist->news().size() == 50u);
    // Another socket has its own allowance.
    stage.emit(second, "typing", kTyping);
    BOOST_TEST(reader->news().size() == 1u);
    stage.now += std::chrono::milliseconds(500);
    for (int i = 0; i < 50; ++i) stage.emit(typist, "typing", kTyping);
    BOOST_TEST(reader->news().size() == 2u);
}

BOOST_AUTO_TEST_CASE(odd_typing_costs_nothing_of_the_allowance) {
    Stage stage;
    const auto typist = stage.member("c");
    const auto reader = stage.member("c");
    for (int i = 0; i < 50; ++i) stage.emit(typist, "typing", R"([{"clientId":"c"}])");
    stage.emit(typist, "typing", kTyping);
    BOOST_TEST(reader->news() == Log({kTyped}), per_element());
}

BOOST_AUTO_TEST_CASE(marking_as_read_asks_for_it_and_is_acknowledged) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "mark-read", kRead, 6);
    BOOST_TEST_REQUIRE(stage.backend.reads.size() == 1u);
    BOOST_TEST(stage.backend.reads.front().question.client_id == "c");
    BOOST_CHECK(stage.backend.reads.front().question.reader == Side::admin);
    BOOST_TEST(socket->news().empty());
    answer(stage.backend.reads, Result<void>());
    BOOST_TEST(socket->news() == Log({ok_ack(6)}), per_element());
    stage.emit(socket, "mark-read", kRead);
    answer(stage.backend.reads, Result<void>());
    BOOST_TEST(socket->news().empty());
}

BOOST_AUTO_TEST_CASE(who_watches_hears_of_every_session_and_the_feed_is_told) {
    Stage stage;
    const auto agent = stage.connected();
    const auto other = stage.connected();
    const auto update = std::make_shared<hub::Broadcast>("session-updated", "{}");
    stage.emit(agent, "watch-sessions", "[]", 1);
    stage.emit(agent, "watch-sessions", "[]", 2);
    stage.emit(other, "watch-sessions", "[{}]");
    BOOST_TEST(agent->news() == Log({ok_ack(1), ok_ack(2)}), per_element());
    stage.hub.publish(hub::kWatchersRoom, 5, update);
    BOOST_TEST(agent->news() == Log({"session-updated {}"}), per_element());
    BOOST_TEST(other->news() == Log({"session-updated {}"}), per_element());
    stage.disconnect(agent);
    BOOST_TEST(stage.backend.watched == std::vector<bool>({true}), per_element());
    stage.disconnect(other);
    BOOST_TEST(stage.backend.watched == std::vector<bool>({true, false}), per_element());
    BOOST_TEST(stage.hub.rooms() == 0u);
    stage.emit(stage.connected(), "watch-sessions", "[]");
    BOOST_TEST(stage.backend.watched == std::vector<bool>({true, false, true}), per_element());
}

BOOST_AUTO_TEST_CASE(the_watchers_room_cannot_be_joined_by_name) {
    Stage stage;
    const auto socket = stage.connected();
    stage.emit(socket, "join", R"(["\u0001watchers"])", 1);
    BOOST_TEST(socket->news() == Log({"ack 1 " + error_args("client_id_invalid",
                                                            "clientId holds a control character")}),
               per_element());
}

BOOST_AUTO_TEST_CASE(a_socket_that_has_gone_is_in_no_room) {
    Stage stage;
    const auto socket = stage.member("c");
    const auto other = stage.member("c");
    stage.disconnect(socket);
    stage.publish("c", 1);
    BOOST_TEST(socket->news().empty());
    BOOST_TEST(other->seqs.size() == 1u);
    stage.disconnect(other);
    BOOST_TEST(stage.hub.rooms() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
