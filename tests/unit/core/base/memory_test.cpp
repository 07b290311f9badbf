#include "base/memory.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace livechat {
namespace {

std::size_t resident_megabytes() {
    std::ifstream statm("/proc/self/statm");
    std::size_t pages = 0;
    std::size_t resident = 0;
    statm >> pages >> resident;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

BOOST_AUTO_TEST_SUITE(memory)

// As after replays without a reader: small blocks that stay lie between large ones that are gone.
BOOST_AUTO_TEST_CASE(memory_that_was_used_once_is_given_back) {
    const auto before = resident_megabytes();
    std::vector<std::unique_ptr<std::string>> staying;
    {
        std::vector<std::string> large;
        for (int i = 0; i < 4000; ++i) {
            large.emplace_back(64 * 1024, 'x');
            if (i % 50 == 0) staying.push_back(std::make_unique<std::string>(300, 'y'));
        }
        BOOST_TEST(resident_megabytes() > before + 200);
    }
    give_memory_back();
    BOOST_TEST(resident_megabytes() < before + 50);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
