#include <boost/test/unit_test.hpp>

#include "doctor/database_check.hpp"
#include "doctor/surroundings_check.hpp"

namespace livechat::admin {
namespace {

using std::chrono::seconds;

bool is(const Finding& finding, Grade grade) {
    // Whatever is not good comes with something to do.
    return finding.grade == grade && !finding.what.empty() &&
           finding.advice.empty() == (grade == Grade::good);
}

BOOST_AUTO_TEST_SUITE(judgement)

BOOST_AUTO_TEST_CASE(servers_that_are_new_enough_are_good) {
    BOOST_TEST(is(judge_version("10.11.6-MariaDB-0+deb12u1"), Grade::good));
    BOOST_TEST(is(judge_version("8.0.36"), Grade::good));
}

BOOST_AUTO_TEST_CASE(older_ones_work_and_the_oldest_do_not) {
    BOOST_TEST(is(judge_version("10.3.39-MariaDB"), Grade::notice));
    BOOST_TEST(is(judge_version("5.6.24"), Grade::notice));
    BOOST_TEST(is(judge_version("10.2.44-MariaDB"), Grade::bad));
    BOOST_TEST(is(judge_version("5.5.62"), Grade::bad));
    BOOST_TEST(is(judge_version("none"), Grade::notice));
}

BOOST_AUTO_TEST_CASE(clocks_may_differ_a_little) {
    BOOST_TEST(is(judge_clocks(seconds(100), seconds(102)), Grade::good));
    BOOST_TEST(is(judge_clocks(seconds(100), seconds(103)), Grade::bad));
    BOOST_TEST(is(judge_clocks(seconds(103), seconds(100)), Grade::bad));
}

BOOST_AUTO_TEST_CASE(the_limit_of_open_files_is_read) {
    BOOST_TEST(open_files_limit("Limit  Soft Limit\nMax processes    7  8  files\n"
                                "Max open files            1024        1048576       files\n")
                   .value() == 1024u);
    BOOST_TEST(!open_files_limit(""));
    BOOST_TEST(!open_files_limit("Max open files"));
    BOOST_TEST(!open_files_limit("Max open files   unlimited"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::admin
