// Letting sockets in, allowing their events and ending them, in token mode.
#include <boost/test/unit_test.hpp>

#include "base/ids.hpp"
#include "stage.hpp"

namespace livechat::gateway {
namespace {

using namespace std::chrono_literals;
using Hashes = std::vector<std::string>;
using Lines = std::vector<std::string>;

Identity visitor(const std::string& token, std::vector<std::string> client_ids = {"mine"}) {
    Identity identity;
    identity.token_hash = sha256(token);
    identity.client_ids = std::move(client_ids);
    return identity;
}

Identity agent(const std::string& token) {
    Identity identity;
    identity.kind = TokenKind::agent;
    identity.token_hash = sha256(token);
    return identity;
}

app::Handshake cookie(const std::string& header) {
    app::Handshake handshake;
    handshake.cookie = header;
    return handshake;
}

const std::string kVisitorToken(43, 'v');
const std::string kAgentToken = "lca_" + std::string(43, 'a');
const std::string kBothCookies =
    "livechat_visitor=" + kVisitorToken + "; livechat_agent=" + kAgentToken;

app::Handshake from(const std::string& address) {
    app::Handshake handshake;
    handshake.remote_address = address;
    return handshake;
}

std::string error_ack(std::uint64_t id, const std::string& code, const std::string& message) {
    return "ack " + std::to_string(id) + " " + error_args(code, message);
}

const std::string kForbidden = "this token does not allow that";

struct Doors : Stage {
    Doors() : Stage({}, "token") { gateway.watch_access(); }

    SocketPtr knock(const std::string& token) { return connect(R"({"token":")" + token + R"("})"); }
    SocketPtr inside(const Identity& identity, const std::string& token = "t") {
        auto socket = knock(token);
        prove(backend.identifies, Principal{{identity}});
        BOOST_TEST_REQUIRE((socket->news() == Lines{"accept"}));
        return socket;
    }
    SocketPtr inside_room(const Identity& identity, const std::string& token = "t") {
        auto socket = inside(identity, token);
        emit(socket, "join", R"(["mine"])");
        answer(backend.views, RoomView{});
        BOOST_TEST_REQUIRE(hub.has("mine"));
        socket->news();
        return socket;
    }
    // The review under way answers this, and the next one is asked for.
    void review(Review review, std::vector<Identity> identities = {}) {
        BOOST_TEST_REQUIRE(!backend.reviews.empty());
        review.proof = {backend.reviews.front().question.token_hashes, std::move(identities)};
        answer(backend.reviews, std::move(review));
        now += 2s;
        run_task();
    }
    void run_task() {
        BOOST_TEST_REQUIRE(!tasks.empty());
        auto task = std::move(tasks.back());
        tasks.pop_back();
        task();
    }
    static Review ended(const std::string& token) {
        Review review;
        review.ended_tokens = {sha256(token)};
        return review;
    }
};

BOOST_FIXTURE_TEST_SUITE(access, Doors)

BOOST_AUTO_TEST_CASE(a_socket_without_a_token_is_refused_without_asking) {
    const auto socket = connect();
    BOOST_TEST((
        socket->news() ==
        Lines{R"(refuse a token is required: auth.token, or the cookie {"code":"unauthorized"})"}));
    BOOST_TEST(backend.idle());
}

BOOST_AUTO_TEST_CASE(a_token_that_proves_nothing_is_refused) {
    const auto socket = knock("t");
    BOOST_TEST((backend.identifies.front().question == Hashes{sha256("t")}));
    prove(backend.identifies, Principal{});
    BOOST_TEST(
        (socket->news() == Lines{R"(refuse the token is not valid {"code":"unauthorized"})"}));
}

BOOST_AUTO_TEST_CASE(whoever_tries_one_token_after_the_other_is_stopped_before_they_are_looked_up) {
    config.abuse.connect_per_address = 3;
    for (int i = 0; i < 3; ++i) {
        connect(R"({"token":"guess"})", from("203.0.113.7"));
        prove(backend.identifies, Principal{});
    }
    const auto socket = connect(R"({"token":"guess"})", from("203.0.113.7"));
    BOOST_TEST((socket->news() == Lines{R"(refuse too often; wait a moment )"
                                        R"({"code":"rate_limited","retryAfterMs":20000})"}));
    BOOST_TEST(backend.idle());
    connect(R"({"token":"guess"})", from("203.0.113.8"));
    BOOST_TEST(backend.identifies.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_wrong_payload_token_is_refused_although_the_cookie_is_good) {
    const auto socket =
        connect(R"({"token":"wrong"})", cookie("livechat_visitor=" + kVisitorToken));
    BOOST_TEST((backend.identifies.front().question == Hashes{sha256("wrong")}));
    prove(backend.identifies, Principal{});
    BOOST_TEST(
        (socket->news() == Lines{R"(refuse the token is not valid {"code":"unauthorized"})"}));
}

BOOST_AUTO_TEST_CASE(a_cookie_alone_lets_in_and_an_old_one_beside_it_does_no_harm) {
    const auto socket = connect("{}", cookie(kBothCookies));
    prove(backend.identifies, Principal{{agent(kAgentToken)}});
    BOOST_TEST((socket->news() == Lines{"accept"}));
}

BOOST_AUTO_TEST_CASE(while_the_database_is_away_clients_are_cut_off_so_that_they_come_again) {
    const auto socket = knock("t");
    fail_oldest(backend.identifies);
    BOOST_TEST((socket->news() == Lines{"close unavailable"}));
}

BOOST_AUTO_TEST_CASE(events_are_allowed_by_the_table) {
    const auto socket = inside(visitor("t"));
    emit(socket, "send-message", R"([{"clientId":"mine","message":"x","sender":"client"}])");
    BOOST_TEST(backend.sends.size() == 1);
    emit(socket, "mark-read", R"([{"clientId":"mine","sender":"client"}])");
    BOOST_TEST(backend.reads.size() == 1);
    emit(socket, "send-message", R"([{"clientId":"mine","message":"x","sender":"admin"}])", 1);
    emit(socket, "typing", R"([{"clientId":"mine","isTyping":true,"sender":"admin"}])", 2);
    emit(socket, "mark-read", R"([{"clientId":"mine","sender":"admin"}])", 3);
    emit(socket, "watch-sessions", "[]", 4);
    BOOST_TEST(
        (socket->news() ==
         Lines{error_ack(1, "forbidden", kForbidden), error_ack(2, "forbidden", kForbidden),
               error_ack(3, "forbidden", kForbidden), error_ack(4, "forbidden", kForbidden)}));
    BOOST_TEST(backend.sends.size() == 1);
    BOOST_TEST(backend.watched.empty());
    BOOST_TEST(relayed.empty());
}

BOOST_AUTO_TEST_CASE(what_was_opened_after_the_socket_came_in_is_looked_for_once) {
    const auto socket = inside(visitor("t"));
    emit(socket, "join", R"(["new"])", 1);
    emit(socket, "send-message", R"([{"clientId":"new","message":"x","sender":"client"}])", 2);
    BOOST_TEST(backend.sends.empty());
    prove(backend.identifies, Principal{{visitor("t", {"mine", "new"})}});
    BOOST_TEST(backend.identifies.empty());
    BOOST_TEST(backend.views.size() == 1);
    answer(backend.views, RoomView{});
    BOOST_TEST(backend.sends.size() == 1);
}

BOOST_AUTO_TEST_CASE(events_keep_their_order_while_it_is_looked_for) {
    const auto socket = inside(visitor("t"));
    emit(socket, "join", R"(["theirs"])", 1);
    emit(socket, "send-message", R"([{"clientId":"mine","message":"1","sender":"client"}])");
    emit(socket, "send-message", R"([{"clientId":"theirs","message":"x","sender":"client"}])", 2);
    emit(socket, "send-message", R"([{"clientId":"mine","message":"2","sender":"client"}])");
    prove(backend.identifies, Principal{{visitor("t")}});
    BOOST_TEST((socket->news() == Lines{error_ack(1, "forbidden", kForbidden)}));
    BOOST_TEST(backend.sends.size() == 1);
    prove(backend.identifies, Principal{{visitor("t")}});
    BOOST_TEST((socket->news() == Lines{error_ack(2, "forbidden", kForbidden)}));
    BOOST_TEST_REQUIRE(backend.sends.size() == 2);
    BOOST_TEST(backend.sends[0].question.text == "1");
    BOOST_TEST(backend.sends[1].question.text == "2");
}

BOOST_AUTO_TEST_CASE(what_waits_while_it_is_looked_for_is_bounded_in_bytes) {
    const auto socket = inside(visitor("t"));
    emit(socket, "join", R"(["theirs"])");
    const std::string message = R"([{"clientId":"mine","sender":"client","message":")" +
                                std::string(60'000, 'x') + R"("}])";
    std::size_t waiting = 0;
    while (socket->news().empty() && waiting < 100) {
        emit(socket, "send-message", message, ++waiting);
    }
    // 1 MiB in all; the one beyond is refused, and those before are still to come.
    BOOST_TEST(waiting == 18u);
    BOOST_TEST(backend.sends.empty());
    prove(backend.identifies, Principal{{visitor("t")}});
    BOOST_TEST(!backend.sends.empty());
}

BOOST_AUTO_TEST_CASE(looking_is_limited) {
    const auto socket = inside(visitor("t"));
    int looks = 0;
    for (std::uint64_t i = 0; i < 50; ++i) {
        emit(socket, "join", R"(["theirs"])", i);
        if (backend.identifies.empty()) continue;
        prove(backend.identifies, Principal{{visitor("t")}});
        ++looks;
    }
    BOOST_TEST(looks == 5);
    BOOST_TEST(socket->news().size() == 50);
}

BOOST_AUTO_TEST_CASE(a_token_that_ended_meanwhile_ends_the_socket_that_is_looked_for) {
    const auto socket = inside_room(visitor("t"));
    emit(socket, "join", R"(["theirs"])", 1);
    prove(backend.identifies, Principal{});
    BOOST_TEST(
        (socket->news() ==
         Lines{"emit chat-error " + error_args("unauthorized", "the token is no longer valid"),
               "disconnect unauthorized"}));
    BOOST_TEST(!hub.has("mine"));
}

BOOST_AUTO_TEST_CASE(a_visitor_joins_fewer_rooms_than_an_agent) {
    config.limits.rooms_per_client = 1;
    const auto client = inside(visitor("v", {"mine", "other"}), "v");
    const auto staff = inside(agent("a"), "a");
    for (const auto& socket : {client, staff}) {
        emit(socket, "join", R"(["mine"])");
        emit(socket, "join", R"(["other"])");
    }
    BOOST_TEST((client->news() ==
                Lines{"emit chat-error " +
                      error_args("too_many_rooms", "this socket joins at most 1 rooms")}));
    BOOST_TEST(staff->news().empty());
}

BOOST_AUTO_TEST_CASE(too_many_messages_are_told_how_long_to_wait) {
    config.abuse.send_per_visitor = 1;
    const auto socket = inside(visitor("t"));
    const std::string message = R"([{"clientId":"mine","message":"x","sender":"client"}])";
    emit(socket, "send-message", message);
    emit(socket, "send-message", message, 7);
    BOOST_TEST(
        (socket->news() == Lines{R"(ack 7 [{"status":"error","code":"rate_limited","message":)"
                                 R"("too often; wait a moment","retryAfterMs":60000}])"}));
    BOOST_TEST(backend.sends.size() == 1);
}

BOOST_AUTO_TEST_CASE(a_revoked_token_ends_its_open_sockets_and_no_others) {
    const auto socket = inside_room(visitor("t"));
    const auto other = inside_room(visitor("u"), "u");
    review(ended("t"));
    BOOST_TEST(
        (socket->news() ==
         Lines{"emit chat-error " + error_args("unauthorized", "the token is no longer valid"),
               "disconnect unauthorized"}));
    BOOST_TEST(other->news().empty());
    emit(socket, "send-message", R"([{"clientId":"mine","message":"x","sender":"client"}])");
    BOOST_TEST(backend.sends.empty());
    gateway.on_disconnect(*socket, "unauthorized");
    BOOST_TEST(backend.saved.empty());
}

BOOST_AUTO_TEST_CASE(whoever_has_another_token_may_come_back) {
    const auto socket = connect("{}", cookie(kBothCookies));
    prove(backend.identifies, Principal{{agent(kAgentToken), visitor(kVisitorToken)}});
    socket->news();
    review(ended(kAgentToken));
    BOOST_TEST(socket->news().back() == "close unauthorized");
}

BOOST_AUTO_TEST_CASE(a_token_that_expires_ends_its_socket) {
    auto short_lived = visitor("t");
    short_lived.expires_in = 3s;
    const auto socket = inside_room(short_lived);
    review({});
    BOOST_TEST(socket->news().empty());
    now += 2s;
    review({});
    BOOST_TEST(socket->news().back() == "disconnect unauthorized");
}

BOOST_AUTO_TEST_CASE(a_row_that_somebody_deleted_is_noticed) {
    const auto socket = inside_room(visitor("t"));
    review({});  // asked for before the socket came
    BOOST_TEST((backend.reviews.front().question.token_hashes == Hashes{sha256("t")}));
    review({});
    BOOST_TEST(socket->news().back() == "disconnect unauthorized");
}

// The database paused: the socket connected, the review was asked for, and then both were answered.
BOOST_AUTO_TEST_CASE(a_review_that_was_asked_before_the_tokens_were_known_does_not_end_the_socket) {
    const auto socket = knock("t");
    review({});  // the next one begins while the socket waits for its answer
    prove(backend.identifies, Principal{{visitor("t")}});
    BOOST_TEST((socket->news() == Lines{"accept"}));
    review({});
    BOOST_TEST(socket->news().empty());
    BOOST_TEST(socket->connected());
    review({}, {visitor("t")});
    BOOST_TEST(socket->connected());
}

// What it missed there was asked for while the room was its own.
BOOST_AUTO_TEST_CASE(a_room_that_is_lost_while_the_client_is_recovered_tells_it_nothing) {
    gateway.set_position({100, {}});
    review({});
    const auto socket = connect(R"({"token":"t","pid":")" + std::string(32, 'p') +
                                R"(","offset":")" + feed::encode({50, {}}) + R"("})");
    prove(backend.identifies, Principal{{visitor("t")}});
    review({});  // the next one asks for its token
    db::RecoveryRecord record{backend.takes.front().question, 40, {{"mine", 0}}};
    answer(backend.takes, std::optional(std::move(record)));
    review({}, {visitor("t", {})});
    BOOST_TEST(!hub.has("mine"));
    BOOST_TEST(socket->news().empty());
    Missed missed{{{"mine", 60}}, {}};
    missed.notifications.push_back(
        {60, db::NotificationKind::message, 1, "mine", 6, message_of(6)});
    answer(backend.misses, std::optional(std::move(missed)));
    BOOST_TEST((socket->news() == Lines{"accept"}));
    BOOST_TEST(socket->accepted_pid != std::string(32, 'p'));
}

BOOST_AUTO_TEST_CASE(a_session_that_has_become_somebody_elses_is_left) {
    const auto socket = inside_room(visitor("t"));
    review({});
    review({}, {visitor("t", {})});
    BOOST_TEST((socket->news() ==
                Lines{"emit chat-error " + error_args("forbidden", "a room is no longer yours")}));
    BOOST_TEST(!hub.has("mine"));
    BOOST_TEST(socket->connected());
}

BOOST_AUTO_TEST_CASE(an_old_answer_does_not_undo_what_was_looked_for_since) {
    const auto socket = inside(visitor("t"));
    review({});
    now += 1s;
    emit(socket, "join", R"(["new"])");
    prove(backend.identifies, Principal{{visitor("t", {"mine", "new"})}});
    answer(backend.views, RoomView{});
    socket->news();
    review({}, {visitor("t")});
    BOOST_TEST(socket->news().empty());
    BOOST_TEST(hub.has("new"));
}

BOOST_AUTO_TEST_CASE(reviews_go_on_while_the_database_is_away_and_look_back_over_that_time) {
    const auto within = backend.reviews.front().question.within;
    review({});
    now += 100s;
    fail_oldest(backend.reviews);
    run_task();
    BOOST_TEST((backend.reviews.front().question.within >= within + 100s));
}

BOOST_AUTO_TEST_CASE(a_ban_ends_open_sockets_of_its_address_and_its_session) {
    const auto room = inside_room(visitor("t"));
    auto socket = connect(R"({"token":"u"})", from("203.0.113.7"));
    prove(backend.identifies, Principal{{visitor("u", {"other"})}});
    const auto elsewhere = inside(visitor("w", {"third"}), "w");
    socket->news();
    std::vector<Ban> bans(2);
    bans[0].value = "203.0.113.0/24";
    bans[1].kind = BanKind::client;
    bans[1].value = "mine";
    Review banned;
    banned.bans_version = 3;
    banned.bans = BanList(bans, now);
    review(banned);
    const Lines told{"emit chat-error " + error_args("banned", "access is closed to you"),
                     "close banned"};
    BOOST_TEST((room->news() == told));
    BOOST_TEST((socket->news() == told));
    BOOST_TEST(elsewhere->news().empty());
    BOOST_TEST((backend.reviews.front().question.bans_version == 3u));
}

BOOST_AUTO_TEST_CASE(what_is_left_for_recovery_is_found_with_the_same_token_only) {
    gateway.set_position(feed::decode_position("5").value());
    const std::string pid(32, 'p');
    const std::string auth = R"(,"pid":")" + pid + R"(","offset":"5"})";
    const auto first = connect(R"({"token":"t")" + auth);
    prove(backend.identifies, Principal{{visitor("t")}});
    const auto second = connect(R"({"token":"u")" + auth);
    prove(backend.identifies, Principal{{visitor("u")}});
    BOOST_TEST_REQUIRE(backend.takes.size() == 2);
    BOOST_TEST(backend.takes[0].question == sha256(pid + '\0' + sha256("t")));
    BOOST_TEST(backend.takes[1].question == sha256(pid + '\0' + sha256("u")));
}

BOOST_AUTO_TEST_CASE(the_place_of_a_socket_is_taken_with_the_same_token_only) {
    gateway.set_position(feed::decode_position("5").value());
    const auto holder = inside(visitor("t"));
    const auto come_back = [&](const std::string& token) {
        auto socket = connect(R"({"token":")" + token + R"(","pid":")" + holder->accepted_pid +
                              R"(","offset":"5"})");
        prove(backend.identifies, Principal{{visitor(token)}});
        return socket;
    };
    const auto stranger = come_back("u");
    BOOST_TEST(holder->news().empty());
    const auto again = come_back("t");
    BOOST_TEST((holder->news() == Lines{"close superseded"}));
}

BOOST_AUTO_TEST_CASE(rooms_that_are_no_longer_the_holders_are_not_recovered) {
    gateway.set_position(feed::decode_position("5").value());
    const auto socket =
        connect(R"({"token":"t","pid":")" + std::string(32, 'p') + R"(","offset":"5"})");
    prove(backend.identifies, Principal{{visitor("t")}});
    db::RecoveryRecord record;
    record.rooms = {{"mine", 0}, {"theirs", 0}};
    answer(backend.takes, std::optional(record));
    BOOST_TEST((socket->news() == Lines{"accept"}));
    BOOST_TEST(!hub.has("theirs"));
    BOOST_TEST(backend.misses.empty());
}

BOOST_AUTO_TEST_CASE(a_socket_that_goes_before_it_is_known_is_forgotten) {
    const auto socket = knock("t");
    disconnect(socket);
    prove(backend.identifies, Principal{{visitor("t")}});
    BOOST_TEST(socket->news().empty());
    review(ended("t"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
