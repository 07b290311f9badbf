#include "socketio/connection.hpp"

#include <boost/test/unit_test.hpp>

namespace livechat::sio {
namespace {

struct Fixture {
    Time start{};
    Connection connection{start, std::chrono::milliseconds(1000)};

    void join(const std::string& nsp = "/") {
        const auto input = connection.on_text(nsp == "/" ? "0" : "0" + nsp);
        BOOST_TEST_REQUIRE(std::holds_alternative<ConnectRequest>(input));
        connection.accepted(nsp);
    }
    void closes(std::string_view text, CloseReason reason) {
        const auto input = connection.on_text(text);
        BOOST_TEST_REQUIRE(std::holds_alternative<CloseReason>(input));
        BOOST_TEST(to_string(std::get<CloseReason>(input)) == to_string(reason));
    }
};

BOOST_FIXTURE_TEST_SUITE(socketio_connection, Fixture)

BOOST_AUTO_TEST_CASE(connect_hands_over_its_payload) {
    const auto input = connection.on_text(R"(0/a,{"t":1})");
    BOOST_TEST(std::get<ConnectRequest>(input).nsp == "/a");
    BOOST_TEST(std::get<ConnectRequest>(input).auth.dump() == R"({"t":1})");
}

BOOST_AUTO_TEST_CASE(an_event_needs_a_namespace_that_was_accepted) {
    closes(R"(2["x"])", CloseReason::not_connected);
    connection.on_text("0");
    closes(R"(2["x"])", CloseReason::not_connected);
    connection.accepted("/");
    const auto input = connection.on_text(R"(27["x",1])");
    const auto& event = std::get<EventPacket>(input);
    BOOST_TEST(event.name == "x");
    BOOST_TEST(event.args.dump() == "[1]");
    BOOST_TEST(event.ack_id.value() == 7U);
    closes(R"(2/a,["x"])", CloseReason::not_connected);
}

BOOST_AUTO_TEST_CASE(a_second_connect_is_a_breach_also_before_the_answer) {
    connection.on_text("0");
    closes("0", CloseReason::already_connected);
    connection.accepted("/");
    closes("0", CloseReason::already_connected);
}

BOOST_AUTO_TEST_CASE(a_namespace_that_was_left_can_be_joined_again) {
    join();
    BOOST_TEST(std::holds_alternative<Leave>(connection.on_text("1")));
    closes("1", CloseReason::not_connected);
    join();
    connection.left("/");
    join();
}

BOOST_AUTO_TEST_CASE(namespaces_are_limited) {
    for (std::size_t i = 0; i < Connection::kMaxNamespaces; ++i) join("/" + std::to_string(i));
    closes("0/more", CloseReason::too_many_namespaces);
}

BOOST_AUTO_TEST_CASE(whoever_is_refused_again_and_again_is_closed) {
    for (std::size_t i = 0; i < Connection::kMaxRefusals; ++i) {
        BOOST_TEST(std::holds_alternative<ConnectRequest>(connection.on_text("0")));
        connection.refused("/");
    }
    closes("0", CloseReason::too_many_refusals);
}

BOOST_AUTO_TEST_CASE(attachments_are_put_together) {
    join();
    const auto first = connection.on_text(
        R"(52-3["x",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}])");
    BOOST_TEST(std::holds_alternative<std::monostate>(first));
    BOOST_TEST(std::holds_alternative<std::monostate>(connection.on_binary("a")));
    const auto input = connection.on_binary("b");
    const auto& event = std::get<EventPacket>(input);
    BOOST_TEST(event.attachments.size() == 2U);
    BOOST_TEST(event.attachments[1] == "b");
    BOOST_TEST(std::holds_alternative<CloseReason>(connection.on_binary("c")));
}

BOOST_AUTO_TEST_CASE(attachments_together_are_no_larger_than_a_message) {
    Connection small(start, std::chrono::milliseconds(1000), {.max_payload = 100});
    small.on_text("0");
    small.accepted("/");
    const std::string text = R"(52-["x",{"_placeholder":true,"num":1}])";
    small.on_text(text);
    BOOST_TEST(small.held() == text.size());
    BOOST_TEST(std::holds_alternative<std::monostate>(small.on_binary(std::string(50, 'a'))));
    BOOST_TEST((std::get<CloseReason>(small.on_binary(std::string(50, 'b'))) ==
                CloseReason::payload_too_large));
}

BOOST_AUTO_TEST_CASE(a_chat_needs_no_deep_json) {
    Connection flat(start, std::chrono::milliseconds(1000), {.max_depth = 3});
    flat.on_text("0");
    flat.accepted("/");
    BOOST_TEST(std::holds_alternative<EventPacket>(flat.on_text(R"(2["x",[[]]])")));
    BOOST_TEST(
        (std::get<CloseReason>(flat.on_text(R"(2["x",[[[]]]])")) == CloseReason::parse_error));
}

BOOST_AUTO_TEST_CASE(more_values_than_anybody_has_to_say_are_refused_unparsed) {
    join();
    std::string many = R"(2["x")";
    for (std::size_t i = 0; i < kMaxValues; ++i) many += ",0";
    closes(many + "]", CloseReason::parse_error);
}

BOOST_AUTO_TEST_CASE(text_while_attachments_are_due_is_a_breach) {
    join();
    connection.on_text(R"(51-["x",{"_placeholder":true,"num":0}])");
    closes(R"(2["x"])", CloseReason::missing_attachment);
}

BOOST_AUTO_TEST_CASE(attachments_are_not_kept_for_a_namespace_that_was_not_joined) {
    closes(R"(51-["x",{"_placeholder":true,"num":0}])", CloseReason::not_connected);
}

BOOST_AUTO_TEST_CASE(without_connect_the_time_runs_out_once) {
    connection.on_text("0/no");
    connection.refused("/no");
    BOOST_TEST((connection.wake_at() == start + std::chrono::seconds(1)));
    BOOST_TEST(connection.on_time(connection.wake_at()).has_value());
    BOOST_TEST((connection.wake_at() == Time::max()));
}

BOOST_AUTO_TEST_CASE(an_application_that_has_not_answered_costs_the_client_nothing) {
    connection.on_text("0");
    BOOST_TEST(!connection.on_time(connection.wake_at()).has_value());
    BOOST_TEST((connection.wake_at() > start + std::chrono::seconds(1)));
    connection.accepted("/");
    BOOST_TEST((connection.wake_at() == Time::max()));
}

BOOST_AUTO_TEST_CASE(a_number_is_an_event_name_too) {
    join();
    BOOST_TEST(std::get<EventPacket>(connection.on_text("2[1,2]")).name == "1");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::sio
