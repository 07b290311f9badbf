// doctor: looks at everything and says of each thing that is wrong what to do about it.
#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/secret.hpp"
#include "chat/agent_service.hpp"
#include "commands/commands.hpp"
#include "db/retention_repository.hpp"
#include "db/schema_repository.hpp"
#include "doctor/database_check.hpp"
#include "doctor/nginx_check.hpp"
#include "doctor/surroundings_check.hpp"
#include "terminal/text.hpp"

namespace livechat::admin {
namespace {

void append(Findings& all, Findings more) {
    for (auto& finding : more) all.push_back(std::move(finding));
}

// "what (reason): advice" -> a finding.
Finding as_finding(const Stop& stop) {
    const std::string sentence = stop.what();
    const auto colon = sentence.rfind(": ");
    if (colon == std::string::npos) return bad(sentence, "put it right and run this again");
    return bad(sentence.substr(0, colon), sentence.substr(colon + 2));
}

void check_agents(Program& program, Findings& findings) {
    const auto& auth = program.config().auth;
    const auto agents = AgentService(program.database(), auth).list();
    const bool any = std::ranges::any_of(agents, [](const auto& agent) { return !agent.disabled; });
    if (any) {
        findings.push_back(good("there are agents"));
    } else if (auth.mode != "open") {
        findings.push_back(notice("no one can answer: there is no agent",
                                  "livechat-admin agent add NAME --role supervisor"));
    }
}

void check_passwords(Program& program, Findings& findings) {
    for (const auto& agent : AgentService(program.database(), program.config().auth).list()) {
        if (agent.disabled || state_of_hash(agent.password_hash) != HashState::unreadable) continue;
        findings.push_back(
            notice("the agent " + printable(agent.username) +
                       " cannot sign in with a password: its hash is not one of argon2 (argon2id or"
                       " argon2i, as PHP makes them) that livechat reads",
                   "livechat-admin agent passwd " + printable(agent.username)));
    }
}

void check_growth(Program& program, Findings& findings) {
    constexpr std::uint64_t kMuch = 1'000'000'000;
    const auto day = db::RetentionRepository(program.database()).last_day();
    const auto what = "the database grows by about " + in_bytes(day.bytes) + " a day (" +
                      grouped(day.messages) + " messages in the last 24 hours)";
    if (day.bytes > kMuch && program.config().retention.days == 0) {
        findings.push_back(notice(what + ", and nothing is ever removed",
                                  "set retention.days, or see who writes so much"));
    } else {
        findings.push_back(good(what));
    }
}

// Whether setup has been here, or someone has said how the database lets the programs in.
bool is_set_up(Program& program) {
    const auto drop_in = std::filesystem::path(program.options.config_file).parent_path() /
                         "conf.d" / "10-setup.toml";
    std::error_code error;
    const auto& database = program.config().database;
    return std::filesystem::exists(drop_in, error) || !database.password.empty() ||
           !database.password_file.empty();
}

void check_database_of(Program& program, Findings& findings) {
    const auto& config = program.config();
    try {
        db::SchemaRepository(program.database()).version();
        findings.push_back(good("the database " + config.database.name + " lets the account " +
                                config.database.user + " in"));
        append(findings, check_database(config, program.database(), program.options.migrations));
        check_agents(program, findings);
        check_passwords(program, findings);
        check_growth(program, findings);
    } catch (const db::Error& error) {
        if (!is_set_up(program)) {
            findings.push_back(bad("livechat is not set up: there is no database for it yet",
                                   "run livechat-admin setup"));
            return;
        }
        findings.push_back(
            as_finding(explain(error, config.database, program.options.config_file)));
    }
}

std::string_view word_of(Grade grade) {
    if (grade == Grade::good) return "good";
    return grade == Grade::notice ? "notice" : "bad";
}

std::string text_of(const Findings& findings) {
    std::string text;
    for (const auto& [grade, what, advice] : findings) {
        text += grade == Grade::good     ? "  ok      "
                : grade == Grade::notice ? "  notice  "
                                         : "  BAD     ";
        text += printable(what);
        if (!advice.empty()) text += ": " + printable(advice);
        text += '\n';
    }
    return text;
}

int run(Program& program, Surroundings surroundings) {
    surroundings.config_file = program.options.config_file;
    Findings findings;
    bool configured = true;
    try {
        program.config();
    } catch (const Stop& stop) {
        findings.push_back(as_finding(stop));
        configured = false;
    }
    if (configured) {
        append(findings, check_configuration(program.config(), surroundings));
        check_database_of(program, findings);
        append(findings, check_sockets(program.config(), surroundings));
        append(findings, check_file_limits(program.config(), surroundings));
    }
    findings.push_back(check_nginx(surroundings));
    if (configured) append(findings, check_nginx_itself(program.config(), surroundings));

    const auto count = [&](Grade grade) {
        return std::ranges::count(findings, grade, &Finding::grade);
    };
    Json rows = Json::array();
    for (const auto& [grade, what, advice] : findings) {
        rows.push_back({{"grade", word_of(grade)}, {"what", what}, {"advice", advice}});
    }
    program.print(rows, [&] {
        const auto number = [&](Grade grade, const std::string& what) {
            const auto found = count(grade);
            return std::to_string(found) + ' ' + what + (found == 1 ? "" : "s");
        };
        return text_of(findings) + number(Grade::bad, "problem") + ", " +
               number(Grade::notice, "notice") + '\n';
    });
    return count(Grade::bad) > 0 ? kRefused : kDone;
}

}  // namespace

void add_doctor(CLI::App& app, Program& program) {
    const auto surroundings = std::make_shared<Surroundings>();
    auto* command =
        add_command(app, program, "doctor", "Checks the installation and suggests fixes",
                    [&program, surroundings] { return run(program, *surroundings); });
    command->add_option("--nginx", surroundings->nginx, "nginx's folder")
        ->capture_default_str()
        ->take_last();
    command->add_option("--web-user", surroundings->web_user, "nginx's user")
        ->capture_default_str()
        ->take_last();
}

}  // namespace livechat::admin
