#include "api/credentials.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "api/cors.hpp"

namespace livechat::api {
namespace {

using namespace std::chrono_literals;

AuthConfig make_auth() {
    AuthConfig auth;
    auth.allowed_origins = {"https://www.example.org"};
    return auth;
}
const AuthConfig kAuth = make_auth();

http::Request from(std::string_view origin) {
    http::Request request;
    request.host = "chat.example.org";
    request.secure = true;
    request.origin = origin;
    return request;
}

std::string header(const http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return "-";
}

BOOST_AUTO_TEST_SUITE(credentials)

const std::vector<std::string> kBearers{"Bearer abc", "bearer abc", "BEARER abc"};

BOOST_DATA_TEST_CASE(a_bearer_token_is_read_in_any_case_of_its_scheme, kBearers, text) {
    http::Request request;
    request.authorization = text;
    BOOST_TEST(read_credentials(request).has_bearer);
    BOOST_TEST(read_credentials(request).bearer == "abc");
}

const std::vector<std::string> kOthers{"",          "Basic abc", "Bearer",
                                       "Bearerabc", "abc",       " Bearer abc"};

BOOST_DATA_TEST_CASE(any_other_scheme_is_left_to_others, kOthers, text) {
    http::Request request;
    request.authorization = text;
    request.cookie = "livechat_agent=a; livechat_visitor=v";
    const auto credentials = read_credentials(request);
    BOOST_TEST(!credentials.has_bearer);
    BOOST_TEST(credentials.agent_cookie == "a");
    BOOST_TEST(credentials.visitor_cookie == "v");
}

BOOST_AUTO_TEST_CASE(beside_a_bearer_token_cookies_are_not_looked_at) {
    http::Request request;
    request.authorization = "Bearer ";
    request.cookie = "livechat_agent=a";
    BOOST_TEST(read_credentials(request).has_bearer);
    BOOST_TEST(!read_credentials(request).has_cookie());
}

BOOST_AUTO_TEST_CASE(a_cookie_cannot_be_read_by_script_nor_sent_from_elsewhere) {
    BOOST_TEST(set_cookie(kAgentCookie, "t", 12h, false) ==
               "livechat_agent=t; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax");
    BOOST_TEST(set_cookie(kAgentCookie, "t", 12h, true) ==
               "__Host-livechat_agent=t; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax; Secure");
    BOOST_TEST(clear_cookie(kVisitorCookie, true) ==
               "__Host-livechat_visitor=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
}

BOOST_AUTO_TEST_CASE(cookies_are_secure_over_https_and_wherever_the_site_says_so) {
    http::Request request;
    AuthConfig always;
    always.cookie_secure = "always";
    BOOST_TEST(!gives_secure_cookies(request, kAuth));
    BOOST_TEST(gives_secure_cookies(request, always));
    request.secure = true;
    BOOST_TEST(gives_secure_cookies(request, kAuth));
}

// What a request shows of where it comes from.
struct Shown {
    std::string origin;
    std::string fetch_site;
    std::string referer;
    bool ours;
};
std::ostream& operator<<(std::ostream& out, const Shown& shown) {
    return out << shown.origin << '|' << shown.fetch_site << '|' << shown.referer;
}

const std::vector<Shown> kShown{
    {"https://chat.example.org", "", "", true},
    {"https://www.example.org", "", "", true},
    {"https://evil.example", "same-origin", "https://chat.example.org/", false},
    {"http://chat.example.org", "", "", false},
    {"null", "same-origin", "", false},
    {"", "same-origin", "", true},
    {"", "same-site", "https://chat.example.org/", false},
    {"", "cross-site", "", false},
    {"", "none", "", false},
    {"", "", "https://chat.example.org/page?https://evil.example", true},
    {"", "", "https://chat.example.org", true},
    {"", "", "https://evil.example/https://chat.example.org/", false},
    {"", "", "https://chat.example.org.evil.example/", false},
    {"", "", "chat.example.org", false},
    {"", "", "", false},
};

BOOST_DATA_TEST_CASE(a_page_of_ours_shows_itself, kShown, shown) {
    auto request = from(shown.origin);
    request.fetch_site = shown.fetch_site;
    request.referer = shown.referer;
    BOOST_TEST(comes_from_our_pages(request, kAuth) == shown.ours);
}

BOOST_AUTO_TEST_CASE(a_listed_origin_is_told_that_it_may) {
    http::Response response;
    add_cors_headers(from("https://www.example.org"), kAuth, response);
    BOOST_TEST(header(response, "Access-Control-Allow-Origin") == "https://www.example.org");
    BOOST_TEST(header(response, "Access-Control-Allow-Credentials") == "true");
    BOOST_TEST(header(response, "Access-Control-Allow-Methods") == "-");
    BOOST_TEST(header(response, "Vary") == "Origin");
}

BOOST_AUTO_TEST_CASE(a_foreign_page_may_read_its_refusal_when_it_shows_nobodys_credentials) {
    const auto allowed = [](const http::Request& request) {
        http::Response response{.status = 403};
        add_refusal_headers(request, response);
        return header(response, "Access-Control-Allow-Origin");
    };
    auto request = from("https://evil.example");
    BOOST_TEST(allowed(request) == "*");
    request.cookie = "livechat_agent=x";
    BOOST_TEST(allowed(request) == "-");
    request.cookie = {};
    request.authorization = "Bearer x";
    BOOST_TEST(allowed(request) == "-");
    request.authorization = {};
    request.method = http::Method::post;
    BOOST_TEST(allowed(request) == "-");
}

BOOST_AUTO_TEST_CASE(a_preflight_is_told_the_methods_and_headers) {
    auto request = from("https://www.example.org");
    request.method = http::Method::options;
    request.preflight_method = "PUT";
    http::Response response{.status = 204, .headers = {{"Allow", "PUT, OPTIONS"}}};
    add_cors_headers(request, kAuth, response);
    BOOST_TEST(header(response, "Access-Control-Allow-Methods") == "PUT, OPTIONS");
    BOOST_TEST(header(response, "Access-Control-Allow-Headers") == "Authorization, Content-Type");
}

BOOST_AUTO_TEST_CASE(our_own_pages_and_programs_need_no_headers) {
    for (const auto* origin : {"", "https://chat.example.org"}) {
        BOOST_TEST(!is_foreign(from(origin), kAuth));
        http::Response response;
        add_cors_headers(from(origin), kAuth, response);
        BOOST_TEST(header(response, "Access-Control-Allow-Origin") == "-");
        http::Response without_list;
        add_cors_headers(from(origin), {}, without_list);
        BOOST_TEST(without_list.headers.empty());
    }
}

BOOST_AUTO_TEST_CASE(any_other_page_is_foreign) {
    for (const auto* origin : {"https://evil.example", "null", "http://chat.example.org"}) {
        BOOST_TEST(is_foreign(from(origin), kAuth), origin);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::api
