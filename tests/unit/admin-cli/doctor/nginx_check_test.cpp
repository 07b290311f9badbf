#include "doctor/nginx_check.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

namespace livechat::admin {
namespace {

const std::string kDump =
    "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n"
    "# configuration file /etc/nginx/nginx.conf:\n"
    "worker_processes auto;\n"
    "events {\n    worker_connections 768;\n    # worker_connections 9;\n}\n"
    "# configuration file /etc/nginx/livechat-http.conf:\n"
    "# livechat " LIVECHAT_VERSION
    ". Made by nginx-conf: do not edit.\n"
    "# configuration file /etc/nginx/livechat-limits.conf:\n"
    "# livechat 0.1.9. Made by nginx-conf: do not edit.\n"
    "client_max_body_size 1m;\n"
    "# configuration file /etc/nginx/sites-enabled/shop:\n"
    "client_max_body_size 9k;\n"
    "access_log /var/log/nginx/livechat.log livechat;\n";

bool says(const Findings& findings, Grade grade, const std::string& what) {
    return std::ranges::any_of(findings, [&](const Finding& finding) {
        return finding.grade == grade && finding.what.find(what) != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE(nginx_check)

BOOST_AUTO_TEST_CASE(what_nginx_prints_is_read) {
    const auto nginx = read_nginx_dump(kDump);
    BOOST_TEST(nginx.first_error.empty());
    BOOST_TEST(nginx.processes == "auto");
    BOOST_TEST(nginx.connections == 768u);
    BOOST_TEST(!nginx.files);
    BOOST_TEST(!nginx.ends_workers);
    BOOST_TEST(nginx.body_bytes.value() == 1048576u);
    BOOST_TEST(nginx.log == "/var/log/nginx/livechat.log");
    BOOST_TEST(nginx.parts.at("livechat-limits.conf") == "0.1.9");
    BOOST_TEST(nginx.parts.at("livechat-http.conf") == LIVECHAT_VERSION);
}

BOOST_AUTO_TEST_CASE(too_few_connections_and_old_parts_are_named) {
    Config config;
    config.wsd.max_sessions = 1000;
    config.limits.body_bytes = 2'000'000;
    const auto findings = judge_nginx(read_nginx_dump(kDump), config, 2);
    BOOST_TEST(says(findings, Grade::notice, "nginx takes 768 sockets"));
    BOOST_TEST(says(findings, Grade::notice, "fewer files"));
    BOOST_TEST(says(findings, Grade::notice, "worker_shutdown_timeout"));
    BOOST_TEST(says(findings, Grade::bad, "livechat-limits.conf of 0.1.9"));
    BOOST_TEST(says(findings, Grade::bad, "above 1048576 bytes"));
}

BOOST_AUTO_TEST_CASE(a_configuration_that_suits_is_good) {
    NginxConfiguration nginx;
    nginx.processes = "4";
    nginx.connections = 60'000;
    nginx.files = 65'536;
    nginx.ends_workers = true;
    nginx.parts = {{"livechat-http.conf", LIVECHAT_VERSION}};
    const auto findings = judge_nginx(nginx, Config(), 1);
    BOOST_TEST(std::ranges::all_of(
        findings, [](const Finding& finding) { return finding.grade == Grade::good; }));
}

BOOST_AUTO_TEST_CASE(what_nginx_does_not_take_comes_with_what_to_do) {
    for (const std::string error : {"duplicate upstream \"livechat_fcgi\" in /etc/nginx/x:3",
                                    "unknown log format \"livechat\" in /etc/nginx/y:4"}) {
        const auto nginx = read_nginx_dump("nginx: [emerg] " + error + "\n");
        BOOST_TEST(nginx.first_error == error);
        const auto findings = judge_nginx(nginx, Config(), 1);
        BOOST_TEST(findings.size() == 1u);
        BOOST_TEST(findings.front().advice.find("conf.d") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_proxy_that_is_not_named_is_noticed_when_most_come_through_it) {
    std::string lines;
    for (int i = 0; i < 30; ++i) lines += "192.0.2.1 … 200 5 0.001 unnamed-proxy\n";
    BOOST_TEST(judge_log(lines).has_value());
    for (int i = 0; i < 40; ++i) lines += "192.0.2.1 … 200 5 0.001 -\n";
    BOOST_TEST(!judge_log(lines));
    BOOST_TEST(!judge_log("192.0.2.1 … 200 5 0.001 unnamed-proxy\n"));
    BOOST_TEST(!judge_log(""));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::admin
