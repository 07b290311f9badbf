#include "gateway/credentials.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "base/ids.hpp"
#include "base/json.hpp"

namespace livechat::gateway {
namespace {

Result<Credentials> read(const std::string& auth, const std::string& cookie = {}) {
    app::Handshake handshake;
    handshake.cookie = cookie;
    return read_credentials(handshake, app::Json::parse(auth));
}

using Hashes = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(credentials)

BOOST_AUTO_TEST_CASE(a_payload_token_stands_alone) {
    const auto found = read(R"({"token":"p"})", "x=y; livechat_agent=a; livechat_visitor=v");
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST((found->hashes == Hashes{sha256("p")}));
}

BOOST_AUTO_TEST_CASE(a_browser_may_hold_the_cookies_of_a_visitor_and_an_agent) {
    const auto found = read("{}", "x=y; livechat_agent=a; livechat_visitor=v");
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST((found->hashes == Hashes{sha256("v"), sha256("a")}));
}

BOOST_AUTO_TEST_CASE(a_cookie_alone_is_enough) {
    const auto found = read("{}", "livechat_visitor=v");
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST((found->hashes == Hashes{sha256("v")}));
}

BOOST_AUTO_TEST_CASE(the_same_token_twice_is_one) {
    BOOST_TEST(read("{}", "livechat_visitor=v; livechat_agent=v")->hashes.size() == 1);
}

BOOST_AUTO_TEST_CASE(who_brings_nothing_has_no_credentials) {
    for (const char* auth : {"{}", R"({"token":null})", R"({"other":"x"})", "null", "[]", "7"}) {
        BOOST_TEST(read(auth, "livechat_visitor=; other=x")->hashes.empty());
    }
}

const std::vector<std::string> kOdd{"7",
                                    "true",
                                    "[]",
                                    R"(["p"])",
                                    R"({"token":"p"})",
                                    R"("")",
                                    "1.5",
                                    R"(")" + std::string(129, 'x') + R"(")"};

BOOST_DATA_TEST_CASE(a_payload_token_of_another_kind_is_refused, kOdd, token) {
    const auto found = read(R"({"token":)" + token + "}", "livechat_visitor=v");
    BOOST_TEST_REQUIRE(!found.has_value());
    BOOST_TEST((found.error().code == ErrorCode::unauthorized));
    BOOST_TEST(found.error().message.find("xxx") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_cookie_that_is_too_long_is_left_out) {
    BOOST_TEST(read("{}", "livechat_visitor=" + std::string(129, 'x'))->hashes.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
