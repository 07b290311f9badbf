#include "http/response.hpp"

#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "http/problem.hpp"

namespace livechat::http {
namespace {

std::string head(const Response& response) {
    std::string out;
    append_head(out, response, "id-1");
    return out;
}

BOOST_AUTO_TEST_SUITE(response)

BOOST_AUTO_TEST_CASE(an_answer_says_its_type_and_length_and_is_not_stored) {
    BOOST_TEST(head(Response{.body = "[]"}) ==
               "Status: 200 OK\r\n"
               "Content-Type: application/json\r\n"
               "Content-Length: 2\r\n"
               "Cache-Control: no-store\r\n"
               "X-Request-Id: id-1\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(an_answer_without_content_has_no_type_and_length) {
    BOOST_TEST(head(Response{.status = 204, .headers = {{"Allow", "PUT, OPTIONS"}}}) ==
               "Status: 204 No Content\r\n"
               "Cache-Control: no-store\r\n"
               "X-Request-Id: id-1\r\n"
               "Allow: PUT, OPTIONS\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_problem_has_the_members_of_rfc_9457_and_ours) {
    const auto response = to_response(
        Problem{.code = ErrorCode::session_not_found, .detail = "No \"such\" session"}, "id-1");
    BOOST_TEST(response.status == 404);
    BOOST_TEST(response.content_type == "application/problem+json");
    const Json expected = {
        {"type", "about:blank"},           {"title", "Not Found"},        {"status", 404},
        {"detail", "No \"such\" session"}, {"code", "session_not_found"}, {"requestId", "id-1"}};
    BOOST_TEST(Json::parse(response.body) == expected);
    BOOST_TEST(response.headers.empty());
}

BOOST_AUTO_TEST_CASE(a_problem_that_passes_says_when_to_come_back) {
    const auto response = to_response(Problem{.code = ErrorCode::unavailable,
                                              .detail = "Away",
                                              .retry_after = std::chrono::seconds(2)},
                                      "i");
    BOOST_TEST(head(response).find("\r\nRetry-After: 2\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_wrong_method_is_answered_with_allow) {
    const auto response = to_response(
        Problem{.code = ErrorCode::method_not_allowed, .detail = "No", .allow = "GET, HEAD"}, "i");
    BOOST_TEST(head(response).find("\r\nAllow: GET, HEAD\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::http
