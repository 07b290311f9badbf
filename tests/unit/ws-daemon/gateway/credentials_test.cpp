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

const std::string kVisitor(43, 'v');
const std::string kAgent = "lca_" + std::string(43, 'a');
const std::string kBoth = "livechat_agent=" + kAgent + "; livechat_visitor=" + kVisitor;

BOOST_AUTO_TEST_SUITE(credentials)

BOOST_AUTO_TEST_CASE(a_payload_token_stands_alone) {
    const auto found = read(R"({"token":"p"})", "x=y; " + kBoth);
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST((found->hashes == Hashes{sha256("p")}));
}

BOOST_AUTO_TEST_CASE(a_browser_may_hold_the_cookies_of_a_visitor_and_an_agent) {
    const auto found = read("{}", "x=y; " + kBoth);
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST((found->hashes == Hashes{sha256(kVisitor), sha256(kAgent)}));
}

BOOST_AUTO_TEST_CASE(a_cookie_alone_is_enough) {
    const auto found = read("{}", "livechat_visitor=" + kVisitor);
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST((found->hashes == Hashes{sha256(kVisitor)}));
}

BOOST_AUTO_TEST_CASE(a_token_in_the_cookie_of_another_kind_is_none) {
    const std::string bot = "lcb_" + kVisitor;
    for (const auto& cookie :
         {"livechat_visitor=" + kAgent, "livechat_agent=" + kVisitor, "livechat_visitor=" + bot,
          "livechat_agent=" + bot, "livechat_visitor=x" + kVisitor}) {
        BOOST_TEST(read("{}", cookie)->hashes.empty(), cookie);
    }
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
    const auto found = read(R"({"token":)" + token + "}", kBoth);
    BOOST_TEST_REQUIRE(!found.has_value());
    BOOST_TEST((found.error().code == ErrorCode::unauthorized));
    BOOST_TEST(found.error().message.find("xxx") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::gateway
