// session: lists conversations, shows one, closes one.
#include <algorithm>
#include <memory>

#include "commands/commands.hpp"
#include "commands/conversation.hpp"
#include "domain/json.hpp"
#include "terminal/text.hpp"

namespace livechat::admin {
namespace {

constexpr std::size_t kNameColumns = 40;
constexpr std::size_t kTextColumns = 50;

struct ListOptions {
    bool closed = false;
    std::uint64_t limit = 50;
};

struct ShowOptions {
    std::string client_id;
    std::uint64_t last = 20;
};

Json json_of(const Session& session) {
    std::string text;
    append_json(text, session);
    return Json::parse(text);
}

std::string heading_of(const Session& session) {
    return printable(session.client_id) + "  " + std::string(to_string(session.status)) +
           ", opened " + session.created_at + ", " + grouped(session.last_seq) +
           " messages, unread: " + grouped(session.unread_admin) + " by agents, " +
           grouped(session.unread_client) + " by the visitor\n";
}

// A page is at most what the programs allow; more are read one after the other.
std::vector<Session> read_sessions(Program& program, const ListOptions& options) {
    std::vector<Session> sessions;
    SessionQuery query;
    query.status = options.closed ? SessionStatus::closed : SessionStatus::active;
    while (sessions.size() < options.limit) {
        query.limit = std::min<std::uint64_t>(options.limit - sessions.size(),
                                              program.config().limits.sessions_limit);
        auto page = value_of(program.chat().sessions(query));
        for (auto& session : page.sessions) sessions.push_back(std::move(session));
        query.cursor = page.next;
        if (!query.cursor) break;
    }
    return sessions;
}

int list(Program& program, const ListOptions& options) {
    const auto sessions = read_sessions(program, options);
    Json rows = Json::array();
    for (const auto& session : sessions) rows.push_back(json_of(session));
    program.print(rows, [&] {
        if (sessions.empty()) {
            return std::string(options.closed ? "no session is closed\n"
                                              : "no session is active\n");
        }
        std::vector<std::vector<std::string>> cells;
        for (const auto& session : sessions) {
            const auto& last = session.last_message;
            cells.push_back({printable_line(session.client_id, kNameColumns),
                             grouped(session.last_seq), grouped(session.unread_admin),
                             last ? last->created_at : "",
                             last ? printable_line(last->text, kTextColumns) : ""});
        }
        return table({"CLIENT", "MESSAGES", "UNREAD", "LAST MESSAGE", ""}, cells);
    });
    return kDone;
}

int show(Program& program, const ShowOptions& options) {
    const auto session = find_session(program, options.client_id);
    std::vector<Message> messages;
    if (options.last > 0) {
        const Seq after = session.last_seq > options.last ? session.last_seq - options.last : 0;
        messages = read_messages(program, options.client_id, after, options.last);
    }
    Json value = json_of(session);
    std::string text;
    append_json(text, std::span<const Message>(messages));
    value["messages"] = Json::parse(text);
    program.print(value, [&] {
        std::string out = heading_of(session);
        for (const auto& message : messages) out += line_of(message);
        return out;
    });
    return kDone;
}

int close(Program& program, const std::string& client_id) {
    value_of(program.chat().close(client_id));
    program.print(Json{{"clientId", client_id}, {"status", "closed"}},
                  [&] { return "closed: " + printable(client_id) + "\n"; });
    return kDone;
}

}  // namespace

void add_session(CLI::App& app, Program& program) {
    auto* session = app.add_subcommand("session", "Conversations");
    session->require_subcommand(1);

    const auto listing = std::make_shared<ListOptions>();
    auto* command = add_command(*session, program, "list", "Lists them, newest message first",
                                [&program, listing] { return list(program, *listing); });
    command->add_flag("--closed", listing->closed, "The closed ones");
    command->add_option("--limit", listing->limit, "How many")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'000'000));

    const auto showing = std::make_shared<ShowOptions>();
    command = add_command(*session, program, "show", "Shows one with its newest messages",
                          [&program, showing] { return show(program, *showing); });
    command->add_option("CLIENT", showing->client_id, "Its clientId")->required();
    command->add_option("--last", showing->last, "How many messages")
        ->capture_default_str()
        ->check(CLI::Range(0, 1'000'000));

    const auto closing = std::make_shared<std::string>();
    command = add_command(*session, program, "close", "Closes one; a later message opens it again",
                          [&program, closing] { return close(program, *closing); });
    command->add_option("CLIENT", *closing, "Its clientId")->required();
}

}  // namespace livechat::admin
