#include "status/page_server.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

namespace livechat::status {
namespace {

BOOST_AUTO_TEST_SUITE(page_server)

std::string answer(const std::string& head) {
    return answer_to(head, [](std::string_view path) -> std::optional<Page> {
        if (path == "/healthz") return Page{.body = "ok\n"};
        return std::nullopt;
    });
}

BOOST_AUTO_TEST_CASE(a_page_is_answered_with_its_length) {
    BOOST_TEST(answer("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") ==
               "HTTP/1.0 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\n"
               "Cache-Control: no-store\r\nConnection: close\r\n\r\nok\n");
}

BOOST_AUTO_TEST_CASE(a_query_is_not_part_of_the_path) {
    BOOST_TEST(answer("GET /healthz?x=1 HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 200 "));
}

BOOST_AUTO_TEST_CASE(head_gives_the_head) {
    const auto text = answer("HEAD /healthz HTTP/1.0\r\n\r\n");
    BOOST_TEST(text.find("Content-Length: 3\r\n") != std::string::npos);
    BOOST_TEST(text.ends_with("\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(there_is_nothing_else) {
    BOOST_TEST(answer("GET / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 404 "));
    BOOST_TEST(answer("GET /healthz/ HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 404 "));
}

BOOST_AUTO_TEST_CASE(other_methods_are_refused) {
    const auto text = answer("POST /healthz HTTP/1.0\r\n\r\n");
    BOOST_TEST(text.starts_with("HTTP/1.0 405 "));
    BOOST_TEST(text.find("Allow: GET, HEAD\r\n") != std::string::npos);
}

BOOST_DATA_TEST_CASE(what_is_no_request_is_refused,
                     boost::unit_test::data::make({"", "\r\n\r\n", "GET\r\n\r\n", "GET /healthz",
                                                   "GET /healthz\r\n\r\n", "GET  \r\n\r\n"}),
                     head) {
    BOOST_TEST(answer(head).substr(0, 10) != "HTTP/1.0 2");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::status
