// agent, token, ban: who may come in, and who may not.
#include <chrono>
#include <iostream>
#include <memory>

#include "base/address.hpp"
#include "chat/access_service.hpp"
#include "chat/agent_service.hpp"
#include "chat/ban_service.hpp"
#include "commands/commands.hpp"
#include "commands/conversation.hpp"
#include "terminal/terminal.hpp"
#include "terminal/text.hpp"

namespace livechat::admin {
namespace {

constexpr std::size_t kNameColumns = 40;
constexpr std::uint64_t kMostTokens = 10'000;

struct AgentOptions {
    std::string name;
    std::string role = "agent";
    std::string password_file;
};

struct TokenOptions {
    std::string name;
    std::string scopes;
    std::string agent;
    std::string client;
    std::optional<std::uint64_t> days;
    std::uint64_t id = 0;
};

struct BanOptions {
    std::string kind;
    std::string value;
    std::string reason;
    std::optional<std::uint64_t> hours;
    std::uint64_t id = 0;
};

AgentService agents(Program& program) { return {program.database(), program.config().auth}; }
AccessService access(Program& program) { return {program.database(), program.config().auth}; }
BanService bans(Program& program) { return {program.database(), program.config().limits}; }

// advice: where what the use case says is that there is no such thing.
template <class T>
T found(Result<T> result, const std::string& what, const std::string& advice) {
    if (!result && result.error().code == ErrorCode::not_found) throw Stop(what + ": " + advice);
    return value_of(std::move(result));
}

template <class T>
T found_agent(Result<T> result, const std::string& name) {
    return found(std::move(result), "there is no agent " + printable(name),
                 "livechat-admin agent list shows those that there are");
}

std::string new_password(const AgentOptions& options) {
    if (!options.password_file.empty()) return read_secret_file(options.password_file);
    return ask_new_secret("Password of the agent " + printable(options.name), "--password-file");
}

int done(Program& program, const Json& value, const std::string& sentence) {
    program.print(value, [&] { return sentence + "\n"; });
    return kDone;
}

int add_agent(Program& program, const AgentOptions& options) {
    const auto role = value_of(parse_role(options.role));
    auto service = agents(program);
    // Before anybody types a password for nothing.
    for (const auto& agent : service.list()) {
        if (agent.username == options.name) {
            throw Stop("the agent " + printable(options.name) +
                       " exists: livechat-admin agent passwd gives another password");
        }
    }
    value_of(service.add(options.name, new_password(options), role));
    return done(
        program, {{"username", options.name}, {"role", to_string(role)}},
        "added: the agent " + printable(options.name) + ", " + std::string(to_string(role)));
}

int set_password(Program& program, const AgentOptions& options) {
    auto service = agents(program);
    found_agent(service.set_password(options.name, new_password(options)), options.name);
    return done(
        program, {{"username", options.name}},
        "changed: the password of " + printable(options.name) + ", who signs in again everywhere");
}

int set_role(Program& program, const AgentOptions& options) {
    const auto role = value_of(parse_role(options.role));
    found_agent(agents(program).set_role(options.name, role), options.name);
    return done(program, {{"username", options.name}, {"role", to_string(role)}},
                "changed: " + printable(options.name) + " is " + std::string(to_string(role)) +
                    " and signs in again");
}

int set_disabled(Program& program, const AgentOptions& options, bool disabled) {
    found_agent(agents(program).set_disabled(options.name, disabled), options.name);
    return done(program, {{"username", options.name}, {"disabled", disabled}},
                disabled
                    ? "disabled: " + printable(options.name) + ", who is signed out within seconds"
                    : "enabled: " + printable(options.name) + " may sign in");
}

int remove_agent(Program& program, const AgentOptions& options) {
    confirm("Remove the agent " + printable(options.name) + " and all their tokens?",
            program.options.yes);
    found_agent(agents(program).remove(options.name), options.name);
    return done(program, {{"username", options.name}},
                "removed: the agent " + printable(options.name) +
                    ", who is signed out within seconds; what they wrote stays");
}

int list_agents(Program& program) {
    const auto list = agents(program).list();
    Json rows = Json::array();
    for (const auto& agent : list) {
        rows.push_back({{"username", agent.username},
                        {"role", to_string(agent.role)},
                        {"disabled", agent.disabled},
                        {"createdAt", agent.created_at}});
    }
    program.print(rows, [&] {
        if (list.empty())
            return std::string("there is no agent: livechat-admin agent add makes one\n");
        std::vector<std::vector<std::string>> cells;
        for (const auto& agent : list) {
            cells.push_back({printable_line(agent.username, kNameColumns),
                             std::string(to_string(agent.role)), agent.disabled ? "disabled" : "",
                             agent.created_at});
        }
        return table({"AGENT", "ROLE", "", "SINCE"}, cells);
    });
    return kDone;
}

int create_token(Program& program, const TokenOptions& options) {
    std::optional<std::chrono::seconds> lifetime;
    if (options.days) lifetime = std::chrono::days(*options.days);
    std::string token;
    if (!options.agent.empty()) {
        token =
            found_agent(agents(program).issue_token(
                            options.agent, lifetime.value_or(program.config().auth.agent_token)),
                        options.agent)
                .token;
    } else {
        if (options.name.empty() || options.scopes.empty()) {
            throw Stop("a program's token has a NAME and --scopes, an agent's --agent: give either",
                       kBadUsage);
        }
        const auto scopes = value_of(parse_scopes(options.scopes));
        token = value_of(access(program).issue_bot_token(options.name, scopes, lifetime));
    }
    // Alone, so that it can be taken into a file; it cannot be read again.
    program.print(Json{{"token", token}}, [&] { return token + "\n"; });
    return kDone;
}

int list_tokens(Program& program) {
    const auto list = access(program).list_tokens(kMostTokens);
    Json rows = Json::array();
    for (const auto& token : list) {
        rows.push_back({{"id", token.id},
                        {"kind", to_string(token.kind)},
                        {"name", token.name},
                        {"scopes", to_string(token.scopes)},
                        {"createdAt", token.created_at},
                        {"expiresAt", token.expires_at ? Json(*token.expires_at) : Json()},
                        {"revokedAt", token.revoked_at ? Json(*token.revoked_at) : Json()}});
    }
    program.print(rows, [&] {
        if (list.empty()) return std::string("there is no token of an agent or a program\n");
        std::vector<std::vector<std::string>> cells;
        for (const auto& token : list) {
            cells.push_back({std::to_string(token.id), std::string(to_string(token.kind)),
                             printable_line(token.name, kNameColumns), to_string(token.scopes),
                             token.created_at,
                             token.revoked_at ? "revoked" : token.expires_at.value_or("never")});
        }
        return table({"ID", "KIND", "NAME", "SCOPES", "SINCE", "ENDS"}, cells);
    });
    return kDone;
}

int revoke_token(Program& program, const TokenOptions& options) {
    const int named = (options.id != 0) + !options.agent.empty() + !options.client.empty();
    if (named != 1) {
        throw Stop(
            "name one token by its ID, all of an agent with --agent, or all of a visitor's"
            " conversation with --client",
            kBadUsage);
    }
    if (!options.client.empty()) {
        find_session(program, options.client);
        access(program).sign_out(options.client);
        return done(program, {{"clientId", options.client}},
                    "revoked: all tokens that own " + printable(options.client) +
                        ", which end within seconds");
    }
    if (!options.agent.empty()) {
        found_agent(agents(program).revoke_tokens(options.agent), options.agent);
        return done(program, {{"agent", options.agent}},
                    "revoked: all tokens of " + printable(options.agent));
    }
    found(access(program).revoke_token(options.id),
          "there is no token " + std::to_string(options.id),
          "livechat-admin token list shows those that there are");
    return done(program, {{"id", options.id}},
                "revoked: token " + std::to_string(options.id) + ", which ends within seconds");
}

// More than any one provider's customers: of IPv4 wider than /8, of IPv6 than /16.
bool is_wide(const Network& network) {
    const bool v4 = network.bits >= 96 && to_string(network).find(':') == std::string::npos;
    return network.bits < (v4 ? 96 + 8 : 16);
}

Json as_json(const Ban& ban) {
    return {{"id", ban.id},
            {"kind", to_string(ban.kind)},
            {"value", ban.value},
            {"reason", ban.reason},
            {"createdAt", ban.created_at},
            {"expiresAt", ban.expires_at ? Json(*ban.expires_at) : Json()}};
}

int add_ban(Program& program, const BanOptions& options) {
    const auto kind = value_of(parse_ban_kind(options.kind));
    std::optional<std::chrono::seconds> lifetime;
    if (options.hours) lifetime = std::chrono::hours(*options.hours);
    const auto network = kind == BanKind::address ? parse_ban(options.value) : std::nullopt;
    if (network && is_wide(*network)) {
        confirm("Keep out all of " + to_string(*network) + ", a large part of the internet?",
                program.options.yes);
    }
    const bool widened = network && network != parse_network(options.value);
    const auto ban = value_of(bans(program).add(kind, options.value, options.reason, lifetime));
    return done(program, as_json(ban),
                "banned: " + options.kind + " " + printable(ban.value) + " (ban " +
                    std::to_string(ban.id) + "), open sockets within seconds" +
                    (widened ? "; one customer has the whole /64 of an IPv6 address, " +
                                   printable(options.value) + "/128 would ban that one alone"
                             : ""));
}

int list_bans(Program& program) {
    const auto list = bans(program).list();
    Json rows = Json::array();
    for (const auto& ban : list) rows.push_back(as_json(ban));
    program.print(rows, [&] {
        if (list.empty()) return std::string("no bans\n");
        std::vector<std::vector<std::string>> cells;
        for (const auto& ban : list) {
            cells.push_back({std::to_string(ban.id), std::string(to_string(ban.kind)),
                             printable_line(ban.value, kNameColumns), ban.created_at,
                             ban.expires_at.value_or("never"),
                             printable_line(ban.reason, kNameColumns)});
        }
        return table({"ID", "KIND", "VALUE", "SINCE", "ENDS", "REASON"}, cells);
    });
    return kDone;
}

int remove_ban(Program& program, const BanOptions& options) {
    found(bans(program).remove(options.id), "there is no ban " + std::to_string(options.id),
          "livechat-admin ban list shows those that there are");
    return done(program, {{"id", options.id}}, "lifted: ban " + std::to_string(options.id));
}

void add_agent_commands(CLI::App& app, Program& program) {
    auto* agent = app.add_subcommand("agent", "The people who answer");
    agent->require_subcommand(1);
    const auto options = std::make_shared<AgentOptions>();
    const auto add = [&](const char* name, const char* about, std::function<int()> run) {
        auto* command = add_command(*agent, program, name, about, std::move(run));
        command->add_option("NAME", options->name, "The user name")->required();
        return command;
    };
    const auto with_role = [&](CLI::App* command) {
        command
            ->add_option("--role", options->role, "agent, or supervisor, who also manages access")
            ->capture_default_str()
            ->check(CLI::IsMember({"agent", "supervisor"}));
    };
    const auto with_password = [&](CLI::App* command) {
        command->add_option("--password-file", options->password_file,
                            "The file that holds the password; - is standard input");
    };
    auto* command =
        add("add", "Adds one", [&program, options] { return add_agent(program, *options); });
    with_role(command);
    with_password(command);
    with_password(add("passwd", "Sets a new password",
                      [&program, options] { return set_password(program, *options); }));
    command = add("role", "Gives another role",
                  [&program, options] { return set_role(program, *options); });
    with_role(command);
    command->get_option("--role")->required();
    add("disable", "Keeps one out, and signs them out",
        [&program, options] { return set_disabled(program, *options, true); });
    add("enable", "Lets one in again",
        [&program, options] { return set_disabled(program, *options, false); });
    add("remove", "Removes one, whose messages stay",
        [&program, options] { return remove_agent(program, *options); });
    add_command(*agent, program, "list", "Lists them", [&program] { return list_agents(program); });
}

void add_token_commands(CLI::App& app, Program& program) {
    auto* token = app.add_subcommand("token", "What programs and agents prove themselves with");
    token->require_subcommand(1);
    const auto options = std::make_shared<TokenOptions>();
    auto* command = add_command(*token, program, "create", "Makes one and prints it, this once",
                                [&program, options] { return create_token(program, *options); });
    command->add_option("NAME", options->name, "What the program is called");
    command->add_option("--scopes", options->scopes,
                        "What it may do: some of sessions,read,send,close,visitor");
    command->add_option("--agent", options->agent,
                        "Instead: a token of this agent, as signing in gives it");
    command
        ->add_option("--days", options->days, "How long it is good (default: until it is revoked)")
        ->check(CLI::Range(1, 36'500));
    add_command(*token, program, "list", "Lists those of programs and agents",
                [&program] { return list_tokens(program); });
    command = add_command(*token, program, "revoke", "Ends one, or all of an agent or a visitor",
                          [&program, options] { return revoke_token(program, *options); });
    command->add_option("ID", options->id, "Its number in the list")->check(CLI::PositiveNumber);
    command->add_option("--agent", options->agent, "All tokens of this agent");
    command->add_option("--client", options->client,
                        "All tokens that own the conversation of this clientId: signs its visitor"
                        " out everywhere");
}

void add_ban_commands(CLI::App& app, Program& program) {
    auto* ban = app.add_subcommand("ban", "Who is kept out");
    ban->require_subcommand(1);
    const auto options = std::make_shared<BanOptions>();
    auto* command =
        add_command(*ban, program, "add", "Keeps an address, a network or a clientId out",
                    [&program, options] { return add_ban(program, *options); });
    command->add_option("KIND", options->kind, "address or client")
        ->required()
        ->check(CLI::IsMember({"address", "client"}));
    command
        ->add_option("VALUE", options->value,
                     "203.0.113.7, 2001:db8::/32 (an IPv6 address is its /64), or a clientId")
        ->required();
    command->add_option("--reason", options->reason, "For those who read the list");
    command->add_option("--hours", options->hours, "For how long (default: until it is lifted)")
        ->check(CLI::Range(1, 876'000));
    add_command(*ban, program, "list", "Lists those that hold",
                [&program] { return list_bans(program); });
    command = add_command(*ban, program, "remove", "Lifts one",
                          [&program, options] { return remove_ban(program, *options); });
    command->add_option("ID", options->id, "Its number in the list")
        ->required()
        ->check(CLI::PositiveNumber);
}

}  // namespace

void add_access(CLI::App& app, Program& program) {
    add_agent_commands(app, program);
    add_token_commands(app, program);
    add_ban_commands(app, program);
}

}  // namespace livechat::admin
