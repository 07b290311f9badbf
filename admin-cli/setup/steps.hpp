// What setup has to do, from what it has found: each step only where it is missing, so that setup
// may be run again at any time. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/config.hpp"

namespace livechat::admin {

// What shall be there afterwards.
struct Wanted {
    DatabaseConfig database;   // of the programs: where, which one, whose account
    std::string account_host;  // where that account comes from, as the server sees it: "localhost"
    std::string folder;        // of the configuration: "/etc/livechat"
    std::string agent;         // the first one; empty: none
    bool start_services = false;

    std::string password_file() const { return folder + "/secrets/database.password"; }
    std::string site_secret_file() const { return folder + "/secrets/site.secret"; }
    std::string config_file() const { return folder + "/livechat.toml"; }
    std::string drop_in() const { return folder + "/conf.d/10-setup.toml"; }
    // "livechat@localhost"
    std::string account() const { return database.user + "@" + account_host; }
};

// What is there.
struct Found {
    bool database = false;
    bool account = false;
    bool password = false;  // the password that is kept lets the account in
    bool rights = false;
    std::vector<std::string> migrations;  // files that are to be applied
    bool site_secret = false;
    bool config_file = false;
    bool drop_in = false;  // as setup would write it
    bool agent = false;    // of the wanted name, or any if none is wanted
    bool services = false;
};

enum class Action : std::uint8_t {
    create_database,
    create_account,
    set_password,
    grant,
    migrate,
    write_site_secret,
    write_config_file,
    write_drop_in,
    add_agent,
    start_services,
};

struct Step {
    Action action;
    std::string what;  // "create the database livechat"
};

// Those that are to be done, in order.
std::vector<Step> steps(const Wanted& wanted, const Found& found);

// The part of the configuration that setup writes.
std::string drop_in_text(const Wanted& wanted);

}  // namespace livechat::admin
