#include "figures/request_figures.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <memory>
#include <numeric>
#include <string>

#include "figures/scoreboard.hpp"

namespace livechat::figures {
namespace {

BOOST_AUTO_TEST_SUITE(request_figures)

using std::chrono::milliseconds;

std::map<std::string, std::uint64_t> totals(const RequestFigures& figures) {
    std::map<std::string, std::uint64_t> found;
    figures.for_each([&](auto method, auto route, const RequestFigures::Route& one) {
        const auto& statuses = one.by_status;
        found[std::string(method) + " " + std::string(route)] =
            std::accumulate(statuses.begin(), statuses.end(), std::uint64_t{0});
    });
    return found;
}

BOOST_AUTO_TEST_CASE(requests_are_counted_by_method_and_route) {
    const auto figures = std::make_unique<RequestFigures>();
    figures->count("GET", "/a", 200, milliseconds(1));
    figures->count("GET", "/a", 404, milliseconds(1));
    figures->count("PUT", "/a", 200, milliseconds(1));
    const std::map<std::string, std::uint64_t> expected{{"GET /a", 2}, {"PUT /a", 1}};
    BOOST_TEST((totals(*figures) == expected));
}

BOOST_AUTO_TEST_CASE(routes_beyond_the_places_for_them_count_together) {
    const auto figures = std::make_unique<RequestFigures>();
    for (int i = 0; i < 200; ++i) {
        figures->count("GET", "/" + std::to_string(i), 200, milliseconds(1));
    }
    const auto found = totals(*figures);
    BOOST_TEST(found.size() == 97u);
    BOOST_TEST(found.at("- -") == 104u);
}

BOOST_AUTO_TEST_CASE(a_status_that_is_not_told_apart_is_another) {
    const auto scoreboard = std::make_unique<Scoreboard>();
    scoreboard->requests.count("GET", "/a", 299, milliseconds(1));
    scoreboard->requests.count("GET", "/a", 200, milliseconds(1));
    const auto text = render(*scoreboard);
    const std::string name = R"(livechat_fcgi_requests_total{method="GET",route="/a",status=)";
    BOOST_TEST(text.find(name + "\"other\"} 1\n") != std::string::npos);
    BOOST_TEST(text.find(name + "\"200\"} 1\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_time_of_requests_goes_into_buckets) {
    const auto scoreboard = std::make_unique<Scoreboard>();
    scoreboard->requests.count("GET", "/a", 200, milliseconds(4));
    scoreboard->requests.count("GET", "/a", 200, milliseconds(40));
    const auto text = render(*scoreboard);
    const std::string name =
        R"(livechat_fcgi_request_duration_seconds_bucket{method="GET",route="/a",le=)";
    BOOST_TEST(text.find(name + "\"0.0025\"} 0\n") != std::string::npos);
    BOOST_TEST(text.find(name + "\"0.005\"} 1\n") != std::string::npos);
    BOOST_TEST(text.find(name + "\"0.05\"} 2\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::figures
