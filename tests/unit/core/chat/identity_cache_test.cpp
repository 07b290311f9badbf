#include "chat/identity_cache.hpp"

#include <boost/test/unit_test.hpp>

namespace livechat {
namespace {

using namespace std::chrono_literals;

const IdentityCache::Time kNow{};

Identity bot(std::string hash) {
    return {.kind = TokenKind::bot, .token_hash = std::move(hash), .name = "bot", .client_ids = {}};
}

BOOST_AUTO_TEST_SUITE(identity_cache)

BOOST_AUTO_TEST_CASE(an_answer_is_good_for_its_time) {
    IdentityCache cache(2s);
    BOOST_TEST(!cache.find("a", kNow));
    cache.put(bot("a"), kNow);
    BOOST_TEST_REQUIRE(cache.find("a", kNow + 1999ms));
    BOOST_TEST(cache.find("a", kNow)->name == "bot");
    BOOST_TEST(!cache.find("a", kNow + 2s));
    BOOST_TEST(!cache.find("b", kNow));
}

BOOST_AUTO_TEST_CASE(a_newer_answer_replaces_the_old_one) {
    IdentityCache cache(2s);
    cache.put(bot("a"), kNow);
    auto renamed = bot("a");
    renamed.name = "other";
    cache.put(renamed, kNow + 1s);
    BOOST_TEST_REQUIRE(cache.find("a", kNow + 2s));
    BOOST_TEST(cache.find("a", kNow + 2s)->name == "other");
}

BOOST_AUTO_TEST_CASE(a_token_that_ends_sooner_is_forgotten_sooner) {
    IdentityCache cache(2s);
    auto ending = bot("a");
    ending.expires_in = 1s;
    cache.put(ending, kNow);
    BOOST_TEST(cache.find("a", kNow + 999ms));
    BOOST_TEST(!cache.find("a", kNow + 1s));
}

BOOST_AUTO_TEST_CASE(what_is_forgotten_is_asked_for_again) {
    IdentityCache cache(2s);
    cache.put(bot("a"), kNow);
    cache.forget("a");
    BOOST_TEST(!cache.find("a", kNow));
}

BOOST_AUTO_TEST_CASE(without_time_nothing_is_kept) {
    IdentityCache cache(0ms);
    BOOST_TEST(cache.put(bot("a"), kNow).name == "bot");
    BOOST_TEST(!cache.find("a", kNow));
}

BOOST_AUTO_TEST_CASE(it_never_holds_more_than_it_may) {
    IdentityCache cache(2s, 10);
    for (int i = 0; i < 25; ++i) cache.put(bot(std::to_string(i)), kNow);
    int held = 0;
    for (int i = 0; i < 25; ++i) held += cache.find(std::to_string(i), kNow) ? 1 : 0;
    BOOST_TEST(held <= 10);
    BOOST_TEST(cache.find("24", kNow));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
