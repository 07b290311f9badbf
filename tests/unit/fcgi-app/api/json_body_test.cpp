#include "api/json_body.hpp"

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstring>

#include "api/handlers.hpp"

namespace livechat::api {
namespace {

class Text : public http::BodySource {
  public:
    explicit Text(std::string_view text) : text_(text) {}

    std::size_t read(char* to, std::size_t size) override {
        const auto given = std::min(size, text_.size());
        std::memcpy(to, text_.data(), given);
        text_.remove_prefix(given);
        return given;
    }

  private:
    std::string_view text_;
};

tl::expected<Json, http::Problem> read(std::string_view body, std::string_view type = "") {
    Text text(body);
    http::Request request;
    request.content_type = type;
    request.body = &text;
    Limits limits;
    limits.body_bytes = 100;
    return read_json_object(request, limits);
}

BOOST_AUTO_TEST_SUITE(json_body)

const std::vector<std::string> kJsonTypes{"",
                                          "application/json",
                                          "application/json; charset=utf-8",
                                          "application/json;charset=UTF-8",
                                          "APPLICATION/JSON",
                                          "application/json ;a=b",
                                          "application/merge-patch+json"};

BOOST_DATA_TEST_CASE(a_json_object_is_taken_as_json_or_as_nothing_in_particular, kJsonTypes, type) {
    BOOST_TEST(read(R"({"a":1})", type).value()["a"] == 1);
}

const std::vector<std::string> kOtherTypes{"text/plain",
                                           "text/json",
                                           "application/x-www-form-urlencoded",
                                           "multipart/form-data; boundary=x",
                                           "application/jsonp",
                                           "application/+json",
                                           "json",
                                           "application/",
                                           ";application/json",
                                           " "};

BOOST_DATA_TEST_CASE(a_body_that_says_it_is_something_else_is_refused, kOtherTypes, type) {
    const auto answer = read(R"({"a":1})", type);
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().status == 415);
    BOOST_CHECK(answer.error().code == ErrorCode::unsupported_media_type);
}

const std::vector<std::string> kNoObjects{"",     " ",     "{",        "null",  "[]",
                                          "1",    "\"a\"", "{\"a\":}", "{a:1}", "{'a':1}",
                                          "{}{}", "{},",   "\xff",     "nul"};

BOOST_DATA_TEST_CASE(what_is_no_json_object_is_refused, kNoObjects, body) {
    const auto answer = read(body);
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().status == 400);
    BOOST_CHECK(answer.error().code == ErrorCode::invalid_payload);
}

BOOST_AUTO_TEST_CASE(a_body_over_the_limit_is_refused) {
    const auto answer = read("{\"a\":\"" + std::string(100, 'x') + "\"}");
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().status == 413);
    BOOST_CHECK(answer.error().code == ErrorCode::body_too_large);
}

BOOST_AUTO_TEST_CASE(a_client_id_is_a_string) {
    BOOST_TEST(client_id_member(Json{{"clientId", "a"}}).value() == "a");
    BOOST_CHECK(client_id_member(Json::object()).error().code == ErrorCode::client_id_required);
    BOOST_CHECK(client_id_member(Json{{"clientId", nullptr}}).error().code ==
                ErrorCode::client_id_required);
    for (const Json& value : {Json(1), Json(true), Json::array({"a"}), Json{{"a", 1}}}) {
        BOOST_CHECK(client_id_member(Json{{"clientId", value}}).error().code ==
                    ErrorCode::client_id_invalid);
    }
}

BOOST_AUTO_TEST_CASE(a_sender_is_client_or_admin) {
    BOOST_CHECK(sender_member(Json{{"sender", "client"}}).value() == Side::client);
    BOOST_CHECK(sender_member(Json{{"sender", "admin"}}).value() == Side::admin);
    for (const Json& value :
         {Json("agent"), Json("Admin"), Json(""), Json(" admin"), Json(nullptr), Json(0)}) {
        BOOST_CHECK(sender_member(Json{{"sender", value}}).error().code ==
                    ErrorCode::sender_invalid);
    }
    BOOST_CHECK(sender_member(Json::object()).error().code == ErrorCode::sender_invalid);
}

BOOST_AUTO_TEST_CASE(a_message_is_read_with_its_client_id_from_the_path) {
    const auto message =
        read_message(
            Json{
                {"message", "hi"}, {"sender", "admin"}, {"messageId", "m1"}, {"clientId", "other"}},
            "path")
            .value();
    BOOST_TEST(message.client_id == "path");
    BOOST_TEST(message.text == "hi");
    BOOST_CHECK(message.sender == Side::admin);
    BOOST_TEST(message.message_id.value() == "m1");
}

BOOST_AUTO_TEST_CASE(a_message_id_may_be_missing_or_null) {
    BOOST_TEST(!read_message(Json{{"message", "hi"}, {"sender", "admin"}}, "a").value().message_id);
    BOOST_TEST(
        !read_message(Json{{"message", "hi"}, {"sender", "admin"}, {"messageId", nullptr}}, "a")
             .value()
             .message_id);
}

BOOST_AUTO_TEST_CASE(a_message_with_a_member_of_the_wrong_kind_is_refused) {
    const auto code = [](const Json& object) { return read_message(object, "a").error().code; };
    BOOST_CHECK(code(Json{{"sender", "admin"}}) == ErrorCode::message_required);
    BOOST_CHECK(code(Json{{"message", 1}, {"sender", "admin"}}) == ErrorCode::message_invalid);
    BOOST_CHECK(code(Json{{"message", "hi"}}) == ErrorCode::sender_invalid);
    BOOST_CHECK(code(Json{{"message", "hi"}, {"sender", "admin"}, {"messageId", 7}}) ==
                ErrorCode::message_id_invalid);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::api
