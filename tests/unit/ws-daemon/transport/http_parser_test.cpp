#include "transport/http_parser.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace livechat::transport {
namespace {

using Step = HttpParser::Step;

BOOST_AUTO_TEST_SUITE(transport_http_parser)

const std::string kPost = "POST /p?a=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";

BOOST_AUTO_TEST_CASE(a_request_comes_in_pieces_of_any_size) {
    HttpParser parser(100);
    Step step = Step::need_more;
    for (const char c : kPost) {
        BOOST_TEST((step == Step::need_more || step == Step::head));
        parser.append(std::string_view(&c, 1));
        step = parser.advance();
    }
    BOOST_TEST((step == Step::complete));
    const HttpRequest request = parser.take();
    BOOST_TEST(request.method == "POST");
    BOOST_TEST(request.path() == "/p");
    BOOST_TEST(request.query() == "a=1");
    BOOST_TEST(request.header("host") == "x");
    BOOST_TEST(request.body == "abc");
    BOOST_TEST(request.keep_alive);
    BOOST_TEST(parser.idle());
}

BOOST_AUTO_TEST_CASE(requests_behind_each_other_come_out_one_by_one) {
    HttpParser parser(100);
    parser.append(kPost + "GET / HTTP/1.0\r\n\r\nrest");
    BOOST_TEST((parser.advance() == Step::head));
    BOOST_TEST((parser.advance() == Step::complete));
    BOOST_TEST(parser.take().body == "abc");
    BOOST_TEST((parser.advance() == Step::head));
    BOOST_TEST((parser.advance() == Step::complete));
    BOOST_TEST(!parser.take().keep_alive);
    BOOST_TEST(parser.take_rest() == "rest");
}

BOOST_AUTO_TEST_CASE(a_chunked_body_is_put_together) {
    HttpParser parser(100);
    parser.append(
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x\r\n0123456789\r\n");
    BOOST_TEST((parser.advance() == Step::head));
    BOOST_TEST((parser.advance() == Step::need_more));
    parser.append("0\r\nTrailer: x\r\n\r\n");
    BOOST_TEST((parser.advance() == Step::complete));
    BOOST_TEST(parser.take().body == "abc0123456789");
}

const std::vector<std::string> kBad{
    "x\r\n\r\n",
    "GET  / HTTP/1.1\r\n\r\n",
    "GET http://x/ HTTP/1.1\r\n\r\n",
    "GET / HTTP/3.0\r\n\r\n",
    "GET / HTTP/1.1\r\nno colon\r\n\r\n",
    "GET / HTTP/1.1\r\nName : x\r\n\r\n",
    "GET / HTTP/1.1\r\nX: a\x01\r\n\r\n",
    "GET / HTTP/1.1\r\nX: 1\r\n folded\r\n\r\n",
    "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
    "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n",
    "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
};

BOOST_DATA_TEST_CASE(a_bad_request_is_400, kBad, text) {
    HttpParser parser(100);
    parser.append(text);
    BOOST_TEST((parser.advance() == Step::bad));
    BOOST_TEST(parser.status() == 400);
    BOOST_TEST((parser.advance() == Step::bad));
}

BOOST_AUTO_TEST_CASE(limits_have_their_own_answers) {
    HttpParser large(10);
    large.append("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n");
    large.advance();
    BOOST_TEST((large.advance() == Step::bad));
    BOOST_TEST(large.status() == 413);

    HttpParser chunks(10);
    chunks.append("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n");
    chunks.advance();
    BOOST_TEST((chunks.advance() == Step::bad));
    BOOST_TEST(chunks.status() == 413);

    HttpParser head(10);
    head.append("GET / HTTP/1.1\r\nX: " + std::string(HttpParser::kMaxHead, 'x'));
    BOOST_TEST((head.advance() == Step::bad));
    BOOST_TEST(head.status() == 431);
}

BOOST_AUTO_TEST_CASE(the_cookies_of_a_large_site_fit) {
    HttpParser parser(10);
    parser.append("GET / HTTP/1.1\r\nCookie: " + std::string(65536, 'x') + "\r\n\r\n");
    BOOST_TEST((parser.advance() == Step::head));
    BOOST_TEST(parser.request().header("cookie").size() == 65536U);
}

BOOST_AUTO_TEST_CASE(what_is_held_is_what_has_not_been_taken) {
    HttpParser parser(1000);
    const std::string head = "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n";
    parser.append(head.substr(0, 20));
    parser.advance();
    BOOST_TEST(parser.held() == 20U);
    parser.append(head.substr(20) + "12345");
    parser.advance();
    parser.advance();
    BOOST_TEST(parser.held() == 5U);
    parser.append("67890GE");
    BOOST_TEST((parser.advance() == Step::complete));
    BOOST_TEST(parser.take().body == "1234567890");
    BOOST_TEST(parser.held() == 2U);
    BOOST_TEST(parser.take_rest() == "GE");
    BOOST_TEST(parser.idle());
}

// In pieces of one byte each, a body must not cost its square.
BOOST_AUTO_TEST_CASE(tiny_chunks_and_a_head_in_single_bytes_are_read_once) {
    HttpParser parser(100000);
    for (const char c : std::string("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")) {
        parser.append({&c, 1});
        parser.advance();
    }
    std::string chunks;
    for (int i = 0; i < 100000; ++i) chunks += "1\r\nx\r\n";
    parser.append(chunks + "0\r\n\r\n");
    BOOST_TEST((parser.advance() == Step::complete));
    BOOST_TEST(parser.take().body.size() == 100000U);
}

BOOST_AUTO_TEST_CASE(the_first_token_of_a_list_is_given_and_nothing_that_is_none) {
    const auto first = [](const std::string& value) {
        HttpRequest request;
        request.headers.emplace_back("x", value);
        return std::string(request.first_token("x"));
    };
    BOOST_TEST(first("x.token.abc, v1") == "x.token.abc");
    BOOST_TEST(first("v1") == "v1");
    BOOST_TEST(first(" ,v1") == "");
    BOOST_TEST(first("a b") == "");
    BOOST_TEST(HttpRequest().first_token("x").empty());
}

BOOST_AUTO_TEST_CASE(query_parameters_are_decoded) {
    const std::string_view query = "a=1&b=%2Fx+y&c&a=2&d=%zz%4";
    BOOST_TEST(query_parameter(query, "a").value() == "1");
    BOOST_TEST(query_parameter(query, "b").value() == "/x y");
    BOOST_TEST(query_parameter(query, "c").value() == "");
    BOOST_TEST(query_parameter(query, "d").value() == "%zz%4");
    BOOST_TEST(!query_parameter(query, "e"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::transport
