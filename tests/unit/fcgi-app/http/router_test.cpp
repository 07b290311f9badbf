#include "http/router.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace livechat::http {
namespace {

// Every handler answers its name and the parameter that it got.
Handler named(std::string name) {
    return [name](const Request&, const std::string& parameter) -> Answer {
        return Response{.body = name + "(" + parameter + ")"};
    };
}

Router make_router() {
    Router router;
    router.add(Method::get, "/api/chat/sessions", named("sessions"));
    router.add(Method::get, "/api/chat/history/:clientId", named("history"));
    router.add(Method::put, "/api/chat/history/:clientId", named("rewrite"));
    router.add(Method::put, "/api/chat/room/:clientId/topic", named("topic"));
    return router;
}

Answer ask(Method method, std::string_view path) {
    Request request;
    request.method = method;
    request.path = path;
    return make_router().answer(request);
}

BOOST_AUTO_TEST_SUITE(router)

BOOST_AUTO_TEST_CASE(a_literal_path_finds_its_handler) {
    BOOST_TEST(ask(Method::get, "/api/chat/sessions").value().body == "sessions()");
}

BOOST_AUTO_TEST_CASE(one_path_may_have_several_methods) {
    BOOST_TEST(ask(Method::get, "/api/chat/history/a").value().body == "history(a)");
    BOOST_TEST(ask(Method::put, "/api/chat/history/a").value().body == "rewrite(a)");
}

BOOST_AUTO_TEST_CASE(a_parameter_may_stand_in_the_middle) {
    BOOST_TEST(ask(Method::put, "/api/chat/room/a%20b/topic").value().body == "topic(a b)");
}

BOOST_AUTO_TEST_CASE(an_encoded_slash_belongs_to_the_parameter) {
    BOOST_TEST(ask(Method::get, "/api/chat/history/a%2Fb").value().body == "history(a/b)");
    BOOST_TEST(ask(Method::put, "/api/chat/room/a%2ftopic/topic").value().body == "topic(a/topic)");
}

BOOST_AUTO_TEST_CASE(dots_are_characters_of_the_parameter) {
    BOOST_TEST(ask(Method::get, "/api/chat/history/..").value().body == "history(..)");
    BOOST_TEST(ask(Method::get, "/api/chat/history/%2e%2e%2f").value().body == "history(../)");
}

const std::vector<std::string> kUnknown{
    "",
    "/",
    "/api/chat",
    "/api/chat/",
    "/api/chat/session",
    "/api/chat/sessions/",
    "/api/chat//sessions",
    "//api/chat/sessions",
    "/api/chat/%73essions",
    "/api/chat/Sessions",
    "/api/chat/history",
    "/api/chat/history/",
    "/api/chat/history//",
    "/api/chat/history//a",
    "/api/chat/history/a/",
    "/api/chat/history/a/b",
    "/api/chat/room/topic",
    "/api/chat/room//topic",
    "/api/chat/room/a/b/topic",
    "/api/chat/room/a/topic/",
};

BOOST_DATA_TEST_CASE(any_other_path_is_not_found, kUnknown, path) {
    for (const auto method : {Method::get, Method::options, Method::other}) {
        const auto answer = ask(method, path);
        BOOST_REQUIRE(!answer);
        BOOST_TEST(answer.error().status == 404);
        BOOST_CHECK(answer.error().code == ErrorCode::not_found);
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_method_is_told_the_right_ones) {
    const auto answer = ask(Method::post, "/api/chat/history/a");
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().status == 405);
    BOOST_CHECK(answer.error().code == ErrorCode::method_not_allowed);
    BOOST_TEST(answer.error().allow == "PUT, GET, HEAD, OPTIONS");
}

BOOST_AUTO_TEST_CASE(head_is_answered_where_get_is) {
    BOOST_TEST(ask(Method::head, "/api/chat/sessions").value().body == "sessions()");
    BOOST_TEST(ask(Method::head, "/api/chat/room/a/topic").error().status == 405);
}

BOOST_AUTO_TEST_CASE(options_tells_the_methods_of_a_path) {
    const auto response = ask(Method::options, "/api/chat/room/a/topic").value();
    BOOST_TEST(response.status == 204);
    BOOST_REQUIRE(response.headers.size() == 1u);
    BOOST_TEST(response.headers[0].first == "Allow");
    BOOST_TEST(response.headers[0].second == "PUT, OPTIONS");
}

const std::vector<std::string> kBroken{"%", "%2", "%zz", "%ff", "a%c3", "\xe9"};

BOOST_DATA_TEST_CASE(a_badly_encoded_parameter_is_a_bad_request, kBroken, segment) {
    const auto answer = ask(Method::get, "/api/chat/history/" + segment);
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().status == 400);
    BOOST_CHECK(answer.error().code == ErrorCode::url_invalid);
}

BOOST_AUTO_TEST_CASE(log_lines_get_the_pattern_and_never_the_path) {
    const auto router = make_router();
    BOOST_TEST(router.pattern_of("/api/chat/history/secret") == "/api/chat/history/:clientId");
    BOOST_TEST(router.pattern_of("/nowhere") == "-");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::http
