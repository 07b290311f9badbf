#include <boost/test/unit_test.hpp>
#include <ostream>
#include <vector>

#include "setup/steps.hpp"

namespace livechat::admin {
namespace {

using Actions = std::vector<Action>;

Actions actions(const Wanted& wanted, const Found& found) {
    Actions actions;
    for (const auto& step : steps(wanted, found)) actions.push_back(step.action);
    return actions;
}

Wanted some_wanted() {
    Wanted wanted;
    wanted.account_host = "localhost";
    wanted.folder = "/etc/livechat";
    wanted.agent = "anna";
    wanted.start_services = true;
    return wanted;
}

Found everything() {
    return {.database = true,
            .account = true,
            .password = true,
            .rights = true,
            .migrations = {},
            .site_secret = true,
            .config_file = true,
            .drop_in = true,
            .agent = true,
            .services = true};
}

BOOST_AUTO_TEST_SUITE(setup_steps)

BOOST_AUTO_TEST_CASE(where_nothing_is_all_is_made_in_order) {
    Found found;
    found.migrations = {"0001_chat.sql"};
    BOOST_TEST((actions(some_wanted(), found) ==
                Actions{Action::create_database, Action::create_account, Action::grant,
                        Action::migrate, Action::write_site_secret, Action::write_config_file,
                        Action::write_drop_in, Action::add_agent, Action::start_services}));
}

BOOST_AUTO_TEST_CASE(where_everything_is_nothing_is_done) {
    BOOST_TEST(steps(some_wanted(), everything()).empty());
}

BOOST_AUTO_TEST_CASE(an_account_whose_password_is_lost_gets_a_new_one) {
    auto found = everything();
    found.password = false;
    BOOST_TEST((actions(some_wanted(), found) == Actions{Action::set_password}));
}

BOOST_AUTO_TEST_CASE(nobody_asked_for_an_agent_or_for_services) {
    auto wanted = some_wanted();
    wanted.agent.clear();
    wanted.start_services = false;
    auto found = everything();
    found.agent = false;
    found.services = false;
    BOOST_TEST(steps(wanted, found).empty());
}

BOOST_AUTO_TEST_CASE(a_step_says_what_it_does) {
    auto found = everything();
    found.migrations = {"0001_chat.sql", "0002_recovery.sql"};
    BOOST_TEST(steps(some_wanted(), found).front().what ==
               "apply the migrations 0001_chat.sql, 0002_recovery.sql");
}

BOOST_AUTO_TEST_CASE(the_configuration_names_the_secrets_and_holds_none) {
    auto wanted = some_wanted();
    wanted.database.password = "topsecret";
    const auto text = drop_in_text(wanted);
    BOOST_TEST(text.find("topsecret") == std::string::npos);
    BOOST_TEST(text.find("password_file = \"/etc/livechat/secrets/database.password\"") !=
               std::string::npos);
    const auto config = parse_config(text, "10-setup.toml", {});
    BOOST_TEST(config.database.name == "livechat");
    BOOST_TEST(config.auth.site_secret_file == "/etc/livechat/secrets/site.secret");
}

BOOST_AUTO_TEST_CASE(a_path_with_quotes_stays_a_path) {
    auto wanted = some_wanted();
    wanted.folder = "/srv/a\"b\\c";
    BOOST_TEST(parse_config(drop_in_text(wanted), "x", {}).database.password_file ==
               "/srv/a\"b\\c/secrets/database.password");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace livechat::admin
