#include "base/origin.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <vector>

namespace livechat {
namespace {

const std::vector<std::string> kNobody;
const std::vector<std::string> kList{"https://shop.example", "http://Localhost:3000",
                                     "https://a.example:443"};

BOOST_AUTO_TEST_SUITE(origin)

BOOST_AUTO_TEST_CASE(a_request_without_an_origin_is_allowed) {
    BOOST_TEST(origin_allowed("", "chat.example", true, kNobody));
    BOOST_TEST(!is_cross_origin("", "chat.example", true));
}

BOOST_AUTO_TEST_CASE(a_page_of_the_same_host_is_allowed) {
    BOOST_TEST(origin_allowed("https://chat.example", "chat.example", true, kNobody));
    BOOST_TEST(origin_allowed("http://localhost:8080", "localhost:8080", false, kNobody));
    BOOST_TEST(origin_allowed("http://[::1]:8080", "[::1]:8080", false, kNobody));
    BOOST_TEST(origin_allowed("HTTPS://Chat.Example", "chat.EXAMPLE", true, kNobody));
    BOOST_TEST(origin_allowed("https://chat.example", "chat.example:443", true, kNobody));
}

BOOST_AUTO_TEST_CASE(a_page_over_https_is_allowed_where_TLS_ended_further_out) {
    BOOST_TEST(origin_allowed("https://chat.example", "chat.example", false, kNobody));
}

BOOST_AUTO_TEST_CASE(a_page_over_http_is_not_allowed_over_https) {
    BOOST_TEST(!origin_allowed("http://chat.example", "chat.example", true, kNobody));
}

const std::vector<std::string> kForeign{
    "https://evil.example",
    "https://chat.example.evil.example",
    "https://evilchat.example",
    "https://chat.example:8443",
    "https://chat.example@evil.example",
    "https://evil.example/chat.example",
    "null",
    "chat.example",
    "https://",
    "file://",
    "https:///chat.example",
    "ftp://chat.example",
    "https://chat.example/",
    "https://chat.example:",
    "https://chat.example:x",
    "https://[chat.example]",
    "https://chat.example https://evil.example",
};

BOOST_DATA_TEST_CASE(other_pages_are_not_allowed, kForeign, origin) {
    BOOST_TEST(!origin_allowed(origin, "chat.example", true, kList));
    BOOST_TEST(is_cross_origin(origin, "chat.example", true));
}

BOOST_AUTO_TEST_CASE(pages_in_the_list_are_allowed) {
    BOOST_TEST(origin_allowed("https://shop.example", "chat.example", true, kList));
    BOOST_TEST(origin_allowed("https://shop.example:443", "chat.example", true, kList));
    BOOST_TEST(origin_allowed("http://localhost:3000", "chat.example", true, kList));
    BOOST_TEST(origin_allowed("https://a.example", "chat.example", true, kList));
    BOOST_TEST(!origin_allowed("http://shop.example", "chat.example", true, kList));
    BOOST_TEST(!origin_allowed("https://www.shop.example", "chat.example", true, kList));
    BOOST_TEST(is_cross_origin("https://shop.example", "chat.example", true));
}

BOOST_AUTO_TEST_CASE(null_is_allowed_by_nothing) {
    const std::vector<std::string> list{"null", "*"};
    BOOST_TEST(!origin_allowed("null", "chat.example", true, list));
    BOOST_TEST(!origin_allowed("https://evil.example", "chat.example", true, list));
}

BOOST_AUTO_TEST_CASE(what_a_configuration_may_list_is_told_from_what_it_may_not) {
    BOOST_TEST(is_origin("https://shop.example"));
    BOOST_TEST(is_origin("http://[2001:db8::1]:8080"));
    BOOST_TEST(!is_origin("*"));
    BOOST_TEST(!is_origin("null"));
    BOOST_TEST(!is_origin("shop.example"));
    BOOST_TEST(!is_origin("https://shop.example/"));
    BOOST_TEST(!is_origin("https://*.example"));
}

const std::vector<std::string> kApps{
    "capacitor://localhost",
    "ionic://localhost",
    "tauri://localhost",
    "app://.",
    "app://obsidian.md",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "moz-extension://0e5f3b6a-7d42-4bd1-9d52-1f0a8c1c7a11",
    "vscode-webview://1a2b3c",
    "com.example.shop://localhost",
};

BOOST_DATA_TEST_CASE(apps_are_allowed_if_they_are_listed_and_are_never_the_own_site, kApps, app) {
    BOOST_TEST(is_origin(app));
    const std::vector<std::string> list{"https://shop.example", app};
    BOOST_TEST(origin_allowed(app, "chat.example", true, list));
    BOOST_TEST(is_cross_origin(app, "chat.example", true));
    const auto host = app.substr(app.find("://") + 3);
    for (const bool secure : {false, true}) {
        BOOST_TEST(!origin_allowed(app, host, secure, kNobody));
        BOOST_TEST(is_cross_origin(app, host, secure));
    }
    BOOST_TEST(
        !origin_allowed(app, "chat.example", true, std::vector<std::string>{"https://" + host}));
}

BOOST_AUTO_TEST_CASE(what_is_no_scheme_is_no_origin) {
    for (const char* text : {"://localhost", "1app://x", "a_b://x", "capacitor:localhost",
                             "capacitor://", "capacitor://localhost/", "-a://x"}) {
        BOOST_TEST(!is_origin(text), text);
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_names_both_values_and_what_to_add) {
    BOOST_TEST(origin_refusal("https://shop.example", "127.0.0.1:8080") ==
               "pages of https://shop.example may not call 127.0.0.1:8080: add"
               " \"https://shop.example\" to auth.allowed_origins");
    BOOST_TEST(
        origin_refusal("null", "chat.example") ==
        "pages of null may not call chat.example: this is not an origin that can be allowed");
    BOOST_TEST(origin_refusal("https://" + std::string(10000, 'a'), "h").size() < 1000U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
