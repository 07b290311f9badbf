#include "db/words.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "db/figures.hpp"
#include "domain/rules.hpp"

namespace livechat::db {
namespace {

BOOST_AUTO_TEST_SUITE(words)

BOOST_AUTO_TEST_CASE(a_word_that_is_known_is_what_it_means) {
    BOOST_TEST((read_word("message.sender", "client", rules::parse_side) == Side::client));
    BOOST_TEST((read_word("session.status", "closed", parse_status) == SessionStatus::closed));
}

// The empty word is what a server makes of one that its ENUM does not know.
BOOST_AUTO_TEST_CASE(a_word_of_a_newer_version_is_none_and_is_counted_each_time) {
    const auto before = figures().unknown_words.load();
    for (const std::string word : {"colleague", "", "Client", "client "}) {
        BOOST_TEST(!read_word("message.sender", word, rules::parse_side));
    }
    BOOST_TEST(!read_word("session.status", "archived", parse_status));
    BOOST_TEST(figures().unknown_words == before + 5);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::db
