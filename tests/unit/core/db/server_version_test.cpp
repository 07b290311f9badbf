// What servers can do.
#include "db/server_version.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace livechat::db {
namespace {

BOOST_AUTO_TEST_SUITE(server_version)

const std::vector<std::string> kNew{
    "10.6.0-MariaDB", "10.11.6-MariaDB-0+deb12u1", "11.4.2-MariaDB", "8.0.1-dmr", "8.0.36", "8.4.0",
    "9.0.1"};
BOOST_DATA_TEST_CASE(a_new_server_skips_what_is_locked, kNew, version) {
    BOOST_TEST(knows_skip_locked(version));
}

const std::vector<std::string> kOld{"10.5.27-MariaDB", "10.3.39-MariaDB-log", "8.0.0-dmr", "5.7.44",
                                    "5.6.24"};
BOOST_DATA_TEST_CASE(an_old_one_does_not, kOld, version) {
    BOOST_TEST(!knows_skip_locked(version));
}

const std::vector<std::string> kOdd{"", "MariaDB", "8", "8.", "8.0", "8.0.", "11.4.x", "-8.0.36"};
BOOST_DATA_TEST_CASE(what_is_no_version_can_do_nothing, kOdd, version) {
    BOOST_TEST(!knows_skip_locked(version));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::db
