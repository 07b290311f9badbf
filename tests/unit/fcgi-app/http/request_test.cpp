#include "http/request.hpp"

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstring>

namespace livechat::http {
namespace {

// A body at hand, which counts what was asked of it.
class Text : public BodySource {
  public:
    explicit Text(std::string text) : text_(std::move(text)) {}

    std::size_t read(char* to, std::size_t size) override {
        const auto given = std::min(size, text_.size() - position_);
        std::memcpy(to, text_.data() + position_, given);
        position_ += given;
        return given;
    }
    std::size_t position() const { return position_; }

  private:
    std::string text_;
    std::size_t position_ = 0;
};

struct Body {
    Text source;
    Request request;

    Body(std::string text, std::string_view length) : source(std::move(text)) {
        request.content_length = length;
        request.body = &source;
    }
};

BOOST_AUTO_TEST_SUITE(request)

BOOST_AUTO_TEST_CASE(methods_are_upper_case_words) {
    BOOST_CHECK(parse_method("GET") == Method::get);
    BOOST_CHECK(parse_method("HEAD") == Method::head);
    BOOST_CHECK(parse_method("POST") == Method::post);
    BOOST_CHECK(parse_method("PUT") == Method::put);
    BOOST_CHECK(parse_method("DELETE") == Method::del);
    BOOST_CHECK(parse_method("OPTIONS") == Method::options);
    BOOST_CHECK(parse_method("get") == Method::other);
    BOOST_CHECK(parse_method("BREW") == Method::other);
    BOOST_CHECK(parse_method("") == Method::other);
    BOOST_TEST(to_string(Method::put) == "PUT");
    BOOST_TEST(to_string(parse_method("BREW")) == "other");
}

BOOST_AUTO_TEST_CASE(a_body_of_the_announced_length_is_read) {
    Body body("{}", "2");
    BOOST_TEST(read_body(body.request, 10).value() == "{}");
}

BOOST_AUTO_TEST_CASE(no_more_than_the_announced_length_is_read) {
    Body body("{}and more", "2");
    BOOST_TEST(read_body(body.request, 10).value() == "{}");
    BOOST_TEST(body.source.position() == 2u);
}

BOOST_AUTO_TEST_CASE(a_body_without_a_length_is_read_to_its_end) {
    Body body("{}", "");
    BOOST_TEST(read_body(body.request, 10).value() == "{}");
}

BOOST_AUTO_TEST_CASE(a_request_without_a_body_has_an_empty_one) {
    BOOST_TEST(read_body(Request{}, 10).value().empty());
    Body body("", "0");
    BOOST_TEST(read_body(body.request, 10).value().empty());
}

BOOST_AUTO_TEST_CASE(a_body_of_the_limit_is_taken) {
    Body announced("0123456789", "10");
    BOOST_TEST(read_body(announced.request, 10).value() == "0123456789");
    Body silent("0123456789", "");
    BOOST_TEST(read_body(silent.request, 10).value() == "0123456789");
}

BOOST_AUTO_TEST_CASE(a_body_announced_over_the_limit_is_refused_unread) {
    Body body("0123456789a", "11");
    BOOST_CHECK(read_body(body.request, 10).error() == BodyError::too_large);
    BOOST_TEST(body.source.position() == 0u);
    BOOST_TEST(announces_more_than(body.request, 10));
    BOOST_TEST(!announces_more_than(body.request, 11));
    BOOST_TEST(!announces_more_than(Request{}, 0));
}

BOOST_AUTO_TEST_CASE(a_body_that_turns_out_over_the_limit_is_read_one_byte_over_it) {
    Body body("0123456789abcdefghijklmnop", "");
    BOOST_CHECK(read_body(body.request, 10).error() == BodyError::too_large);
    BOOST_TEST(body.source.position() == 11u);
}

BOOST_AUTO_TEST_CASE(a_body_shorter_than_announced_is_incomplete) {
    Body body("{", "2");
    BOOST_CHECK(read_body(body.request, 10).error() == BodyError::incomplete);
}

const std::vector<std::string> kBadLengths{
    "x", "-1", "+1", "1x", " 1", "1.0", "99999999999999999999"};

BOOST_DATA_TEST_CASE(a_length_that_is_no_number_is_refused, kBadLengths, length) {
    Body body("{}", length);
    BOOST_CHECK(read_body(body.request, 10).error() == BodyError::bad_length);
    BOOST_TEST(body.source.position() == 0u);
}

BOOST_AUTO_TEST_CASE(a_plain_request_id_of_the_proxy_is_kept) {
    BOOST_TEST(choose_request_id("0af3.A-Z_9") == "0af3.A-Z_9");
    BOOST_TEST(choose_request_id(std::string(64, 'a')) == std::string(64, 'a'));
}

const std::vector<std::string> kBadIds{
    "", "a b", "a\nb", "a\r\nSet-Cookie: b", "\"", "\xc3\xa9", std::string(65, 'a')};

BOOST_DATA_TEST_CASE(any_other_request_id_gives_way_to_a_new_one, kBadIds, id) {
    const auto chosen = choose_request_id(id);
    BOOST_TEST(chosen != id);
    BOOST_TEST(chosen.size() == 16u);
    BOOST_TEST(chosen != choose_request_id(id));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::http
