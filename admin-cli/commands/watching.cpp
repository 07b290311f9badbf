// stats: the database in figures. tail: one conversation, live. restore-finished: after a backup
// was put back.
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

#include "commands/commands.hpp"
#include "commands/conversation.hpp"
#include "db/epoch_repository.hpp"
#include "db/notification_repository.hpp"
#include "db/schema_repository.hpp"
#include "db/session_repository.hpp"
#include "db/stats_repository.hpp"
#include "domain/json.hpp"
#include "terminal/terminal.hpp"
#include "terminal/text.hpp"

namespace livechat::admin {
namespace {

constexpr std::chrono::milliseconds kLookEvery{250};
constexpr std::chrono::milliseconds kAwayPause{1000};

struct TailOptions {
    std::string client_id;
    std::uint64_t last = 10;
};

int stats(Program& program) {
    const auto stats = db::StatsRepository(program.database()).read();
    db::SchemaRepository schema(program.database());
    const auto applied = schema.applied();
    const auto version = applied.empty() ? 0 : applied.rbegin()->first;
    const auto bytes = schema.bytes();
    const Json value{{"activeSessions", stats.active_sessions},
                     {"closedSessions", stats.closed_sessions},
                     {"messages", stats.messages},
                     {"unreadByAgents", stats.unread_by_agents},
                     {"unansweredSessions", stats.unanswered_sessions},
                     {"sessionsOfLastDay", stats.sessions_of_last_day},
                     {"notifications", stats.notifications},
                     {"databaseBytes", bytes},
                     {"schemaVersion", version},
                     {"epoch", stats.epoch}};
    program.print(value, [&] {
        return table({"", ""},
                     {{"active sessions", grouped(stats.active_sessions)},
                      {"  of which an agent has something to read",
                       grouped(stats.unanswered_sessions)},
                      {"closed sessions", grouped(stats.closed_sessions)},
                      {"sessions with a message in the last 24 hours",
                       grouped(stats.sessions_of_last_day)},
                      {"messages", grouped(stats.messages)},
                      {"messages that no agent has read", grouped(stats.unread_by_agents)},
                      {"notifications kept, about", grouped(stats.notifications)},
                      {"size of the database, about", in_bytes(bytes)},
                      {"schema version", std::to_string(version)},
                      {"epoch", stats.epoch}})
            .substr(1);
    });
    return kDone;
}

// The room as the database shows it; what is new is printed.
class Tail {
  public:
    Tail(Program& program, const TailOptions& options) : program_(program), options_(options) {}

    void begin() {
        const auto session = find_session(program_, options_.client_id);
        status_ = session.status;
        seen_ = session.last_seq > options_.last ? session.last_seq - options_.last : 0;
        epoch_ = epoch();
    }

    void look() {
        const auto now = epoch();
        if (now != epoch_) {
            say("the database was restored from a backup");
            begin();
        }
        const auto record = db::SessionRepository(program_.database()).find(options_.client_id);
        if (!record) throw Stop("the session is not there any more: it was removed or renamed");
        for (const auto& message : read_messages(program_, options_.client_id, seen_, kAtOnce)) {
            print(message);
            seen_ = message.seq;
        }
        if (record->session.status != status_) {
            status_ = record->session.status;
            say(status_ == SessionStatus::closed ? "closed" : "opened again");
        }
        std::cout.flush();
    }

  private:
    static constexpr std::uint64_t kAtOnce = 1000;

    std::string epoch() {
        return db::NotificationRepository(program_.database()).feed_state().epoch;
    }

    void print(const Message& message) const {
        if (!program_.options.json) {
            std::cout << line_of(message);
            return;
        }
        std::string text;
        append_json(text, message);
        std::cout << text << '\n';
    }

    void say(const std::string& event) const {
        if (program_.options.json) {
            std::cout << Json{{"event", event}}.dump() << '\n';
        } else {
            std::cout << "-- " << event << " --\n";
        }
    }

    Program& program_;
    const TailOptions& options_;
    SessionStatus status_ = SessionStatus::active;
    Seq seen_ = 0;
    std::string epoch_;
};

// Until a signal ends the program. It goes on when the database comes back.
int tail(Program& program, const TailOptions& options) {
    Tail tail(program, options);
    tail.begin();
    bool away = false;
    for (;;) {
        try {
            tail.look();
            if (away) std::cerr << "the database is back\n";
            away = false;
        } catch (const db::Error& error) {
            if (error.kind() != db::ErrorKind::lost) throw;
            if (!away)
                std::cerr << "the database is unavailable (" << error.what()
                          << "), waiting for it\n";
            away = true;
        }
        std::this_thread::sleep_for(away ? kAwayPause : kLookEvery);
    }
}

int restore_finished(Program& program) {
    confirm("Has a backup been put back into the database " + program.config().database.name +
                "? All clients will reload their conversations.",
            program.options.yes);
    const auto epoch = db::EpochRepository(program.database()).renew();
    program.ring();
    program.print(Json{{"epoch", epoch}}, [&] {
        return "the database has the new epoch " + epoch +
               ": running daemons make their clients reconnect within a second\n";
    });
    return kDone;
}

}  // namespace

void add_watching(CLI::App& app, Program& program) {
    add_command(app, program, "stats", "The database in figures",
                [&program] { return stats(program); });

    const auto options = std::make_shared<TailOptions>();
    auto* command = add_command(app, program, "tail", "Watches one conversation, until Ctrl-C",
                                [&program, options] { return tail(program, *options); });
    command->add_option("CLIENT", options->client_id, "Its clientId")->required();
    command->add_option("--last", options->last, "Messages to begin with")
        ->capture_default_str()
        ->check(CLI::Range(0, 1'000'000));

    add_command(app, program, "restore-finished",
                "Tells the programs that a backup was put back into the database",
                [&program] { return restore_finished(program); });
}

}  // namespace livechat::admin
