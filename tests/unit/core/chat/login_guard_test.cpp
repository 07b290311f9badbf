#include "chat/login_guard.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace livechat {
namespace {

using namespace std::chrono_literals;

const RateTable::Clock::time_point kNow{1'000'000s};

struct Stage {
    RateTable rates = RateTable::shared(1024);
    AbuseConfig abuse{.login_failures_per_address = 3, .login_failures_per_account = 5};

    // Whether a wrong password would be looked at.
    bool guess(const std::string& username, const std::string& peer, bool known = false) {
        return !LoginGuard(rates, abuse, username, peer, known).admit(kNow);
    }
    bool sign_in(const std::string& username, const std::string& peer, bool known = false) {
        LoginGuard guard(rates, abuse, username, peer, known);
        if (guard.admit(kNow)) return false;
        guard.forgive();
        return true;
    }
};

BOOST_AUTO_TEST_SUITE(login_guard)

BOOST_AUTO_TEST_CASE(an_address_guesses_only_so_often_whatever_the_account) {
    Stage stage;
    BOOST_TEST(stage.guess("ann", "1.1.1.1"));
    BOOST_TEST(stage.guess("bob", "1.1.1.1"));
    BOOST_TEST(stage.guess("cid", "1.1.1.1"));
    BOOST_TEST(!stage.guess("dan", "1.1.1.1"));
    BOOST_TEST(stage.guess("dan", "2.2.2.2"));
}

BOOST_AUTO_TEST_CASE(an_account_is_guessed_at_only_so_often_from_wherever) {
    Stage stage;
    for (int i = 0; i < 5; ++i) BOOST_TEST(stage.guess("ann", "1.1.1." + std::to_string(i)));
    BOOST_TEST(!stage.guess("ann", "2.2.2.2"));
    BOOST_TEST(stage.guess("bob", "2.2.2.2"));
}

BOOST_AUTO_TEST_CASE(strangers_do_not_lock_an_agent_out_where_he_has_been_before) {
    Stage stage;
    for (int i = 0; i < 50; ++i) stage.guess("ann", "1.1.1." + std::to_string(i));
    BOOST_TEST(!stage.sign_in("ann", "2.2.2.2"));
    BOOST_TEST(stage.sign_in("ann", "9.9.9.9", true));
}

BOOST_AUTO_TEST_CASE(a_neighbour_who_guesses_at_other_accounts_does_not_lock_him_out_either) {
    Stage stage;
    for (int i = 0; i < 50; ++i) stage.guess("bob", "9.9.9.9");
    BOOST_TEST(stage.sign_in("ann", "9.9.9.9", true));
}

BOOST_AUTO_TEST_CASE(a_known_address_guesses_only_so_often_too) {
    Stage stage;
    for (int i = 0; i < 3; ++i) BOOST_TEST(stage.guess("ann", "9.9.9.9", true));
    BOOST_TEST(!stage.guess("ann", "9.9.9.9", true));
}

BOOST_AUTO_TEST_CASE(a_48_guesses_less_often_than_all_of_its_64s) {
    Stage stage;
    int guesses = 0;
    for (int i = 0; i < 99; ++i) {
        const auto network = "2001:db8:0:" + std::to_string(i) + "00";
        guesses += stage.guess("a" + std::to_string(i), network + "::1") ? 1 : 0;
    }
    BOOST_TEST(guesses == 96);
    BOOST_TEST(stage.guess("ann", "2001:db8:1::1"));
}

BOOST_AUTO_TEST_CASE(signing_in_costs_nothing) {
    Stage stage;
    for (int i = 0; i < 100; ++i) BOOST_TEST(stage.sign_in("ann", "1.1.1.1"));
    BOOST_TEST(stage.guess("ann", "1.1.1.1"));
}

BOOST_AUTO_TEST_CASE(a_refusal_of_the_account_is_not_held_against_the_address) {
    Stage stage;
    for (int i = 0; i < 5; ++i) stage.guess("ann", "1.1.1." + std::to_string(i));
    for (int i = 0; i < 50; ++i) stage.guess("ann", "2.2.2.2");
    for (int i = 0; i < 3; ++i) BOOST_TEST(stage.guess("bob", "2.2.2.2"));
}

BOOST_AUTO_TEST_CASE(whoever_is_refused_is_told_how_long) {
    Stage stage;
    for (int i = 0; i < 3; ++i) stage.guess("ann", "1.1.1.1");
    LoginGuard guard(stage.rates, stage.abuse, "ann", "1.1.1.1", false);
    BOOST_TEST(guard.admit(kNow).value().count() == 20'000);
}

BOOST_AUTO_TEST_CASE(without_limits_there_are_none) {
    Stage stage;
    stage.abuse.enabled = false;
    for (int i = 0; i < 100; ++i) BOOST_TEST(stage.guess("ann", "1.1.1.1"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat
