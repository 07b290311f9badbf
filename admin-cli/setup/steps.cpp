#include "setup/steps.hpp"

#include <utility>

namespace livechat::admin {
namespace {

// A basic string of TOML.
std::string toml_string(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
}

}  // namespace

std::vector<Step> steps(const Wanted& wanted, const Found& found) {
    std::vector<Step> steps;
    const auto add = [&](bool missing, Action action, std::string what) {
        if (missing) steps.push_back({action, std::move(what)});
    };
    const auto& name = wanted.database.name;
    add(!found.database, Action::create_database, "create the database " + name);
    add(!found.account, Action::create_account,
        "create the database account " + wanted.account() + ", with a random password in " +
            wanted.password_file());
    add(found.account && !found.password, Action::set_password,
        "give the database account " + wanted.account() + " a new random password, in " +
            wanted.password_file());
    add(!found.rights, Action::grant,
        "let " + wanted.account() + " use the tables and procedures of " + name +
            ", and change none of them");
    add(!found.migrations.empty(), Action::migrate,
        "apply the migrations " + joined(found.migrations));
    add(!found.site_secret, Action::write_site_secret,
        "make the site secret " + wanted.site_secret_file());
    add(!found.config_file, Action::write_config_file, "make " + wanted.config_file());
    add(!found.drop_in, Action::write_drop_in, "write " + wanted.drop_in());
    add(!wanted.agent.empty() && !found.agent, Action::add_agent,
        "add the agent " + wanted.agent + ", a supervisor");
    add(wanted.start_services && !found.services, Action::start_services,
        "enable and start the services");
    return steps;
}

std::string drop_in_text(const Wanted& wanted) {
    const auto& database = wanted.database;
    std::string text =
        "# Written by \"livechat-admin setup\", which writes it again when it is run. What differs "
        "on\n"
        "# this server stands better in a file of its own beside this one, say 20-local.toml.\n"
        "[database]\n";
    if (database.host.empty()) {
        text += "socket = " + toml_string(database.socket) + "\nhost = \"\"\n";
    } else {
        text += "host = " + toml_string(database.host) +
                "\nport = " + std::to_string(database.port) + "\n";
    }
    text += "name = " + toml_string(database.name) + "\nuser = " + toml_string(database.user) +
            "\npassword_file = " + toml_string(wanted.password_file()) +
            "\n\n[auth]\nsite_secret_file = " + toml_string(wanted.site_secret_file()) + "\n";
    return text;
}

}  // namespace livechat::admin
