#include "base/prometheus.hpp"

#include <array>
#include <boost/test/unit_test.hpp>

namespace livechat {
namespace {

BOOST_AUTO_TEST_SUITE(prometheus)

BOOST_AUTO_TEST_CASE(a_counter_and_a_gauge_have_a_head_and_a_line) {
    PrometheusText text;
    text.counter("a_total", "What it counts", 12);
    text.gauge("b_seconds", "What it shows", 0.25);
    BOOST_TEST(text.text() ==
               "# HELP a_total What it counts\n# TYPE a_total counter\na_total 12\n"
               "# HELP b_seconds What it shows\n# TYPE b_seconds gauge\nb_seconds 0.25\n");
}

BOOST_AUTO_TEST_CASE(a_label_cannot_break_out_of_its_line) {
    PrometheusText text;
    text.line("c_total", "reason", "a\"b\\c\nd", 1);
    BOOST_TEST(text.text() == "c_total{reason=\"a\\\"b\\\\c d\"} 1\n");
}

BOOST_AUTO_TEST_CASE(the_buckets_of_a_histogram_add_up) {
    PrometheusText text;
    text.histogram("d", "Sizes", std::array{1.0, 2.0}, std::array<std::uint64_t, 3>{3, 0, 4}, 50);
    BOOST_TEST(text.text() ==
               "# HELP d Sizes\n# TYPE d histogram\n"
               "d_bucket{le=\"1\"} 3\nd_bucket{le=\"2\"} 3\nd_bucket{le=\"+Inf\"} 7\n"
               "d_sum 50\nd_count 7\n");
}

BOOST_AUTO_TEST_CASE(a_line_may_have_several_labels) {
    PrometheusText text;
    text.line("e_total", {{"route", "/a"}, {"status", "200"}}, 1);
    BOOST_TEST(text.text() == "e_total{route=\"/a\",status=\"200\"} 1\n");
}

BOOST_AUTO_TEST_CASE(a_histogram_may_have_labels) {
    PrometheusText text;
    text.histogram_lines("f", {{"route", "/a"}}, std::array{1.0},
                         std::array<std::uint64_t, 2>{1, 1}, 5);
    BOOST_TEST(text.text() ==
               "f_bucket{route=\"/a\",le=\"1\"} 1\nf_bucket{route=\"/a\",le=\"+Inf\"} 2\n"
               "f_sum{route=\"/a\"} 5\nf_count{route=\"/a\"} 2\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
