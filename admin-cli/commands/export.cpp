// export: one conversation, or all, as JSON, as a page to read, or as lines that import takes.
#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <memory>

#include "commands/commands.hpp"
#include "commands/conversation.hpp"
#include "db/session_repository.hpp"
#include "domain/json.hpp"
#include "terminal/terminal.hpp"
#include "terminal/text.hpp"
#include "transfer/import_line.hpp"
#include "transfer/timestamp.hpp"
#include "transfer/transcript.hpp"

namespace livechat::admin {
namespace {

constexpr std::uint64_t kPage = 500;

struct Options {
    std::string client_id;
    std::string format = "json";
    std::string output = "-";
    bool all = false;
};

// One conversation in one format.
class Writer {
  public:
    virtual ~Writer() = default;
    virtual void begin(const Session& session) = 0;
    virtual void message(const Session& session, const Message& message) = 0;
    virtual void end(const Session& session) = 0;
};

class JsonWriter : public Writer {
  public:
    explicit JsonWriter(std::ostream& out) : out_(out) {}

    void begin(const Session& session) override {
        std::string text;
        append_json(text, session);
        text.pop_back();  // its members and ours are one object
        out_ << text << ",\"messages\":[";
        first_ = true;
    }
    void message(const Session& /*session*/, const Message& message) override {
        std::string text;
        append_json(text, message);
        out_ << (first_ ? "\n" : ",\n") << text;
        first_ = false;
    }
    void end(const Session& /*session*/) override { out_ << "\n]}\n"; }

  private:
    std::ostream& out_;
    bool first_ = true;
};

class HtmlWriter : public Writer {
  public:
    explicit HtmlWriter(std::ostream& out) : out_(out) {}

    void begin(const Session& session) override { out_ << transcript_begin(session); }
    void message(const Session& /*session*/, const Message& message) override {
        out_ << transcript_message(message);
    }
    void end(const Session& /*session*/) override { out_ << transcript_end(); }

  private:
    std::ostream& out_;
};

// The session, its messages, and at last whether it is closed: what import does again.
class LinesWriter : public Writer {
  public:
    explicit LinesWriter(std::ostream& out) : out_(out) {}

    void begin(const Session& session) override {
        line(session, ",\"createdAt\":\"" + session.created_at + "\"}");
    }
    void message(const Session& session, const Message& message) override {
        std::string text;
        auto named = message;
        named.message_id = name_of(session, message);
        append_json(text, named);
        text[0] = ',';
        line(session, text);
    }
    void end(const Session& session) override {
        if (session.status == SessionStatus::closed) line(session, ",\"status\":\"closed\"}");
    }

  private:
    // Its own, or the one that import would give it: so it is the same message wherever it comes
    // in.
    std::string name_of(const Session& session, const Message& message) {
        if (message.message_id) return *message.message_id;
        ImportItem item;
        item.client_id = session.client_id;
        item.created_at = parse_time(message.created_at);
        item.message = NewMessage{session.client_id, message.sender, message.text, std::nullopt};
        names_.name(item, message.seq);
        return *item.message->message_id;
    }

    void line(const Session& session, const std::string& rest) {
        std::string text = "{\"clientId\":";
        append_json_string(text, session.client_id);
        out_ << text << rest << '\n';
    }

    MessageNames names_;
    std::ostream& out_;
};

// What people wrote is for the eyes of one user, whatever the umask is. A file that is there keeps
// its rights, and so does a device or a pipe.
void make_private(const std::string& file) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) ::close(fd);
}

std::unique_ptr<Writer> writer_of(const std::string& format, std::ostream& out) {
    if (format == "html") return std::make_unique<HtmlWriter>(out);
    if (format == "jsonl") return std::make_unique<LinesWriter>(out);
    return std::make_unique<JsonWriter>(out);
}

void write_one(Program& program, const Session& session, Writer& writer, bool show_progress) {
    Progress progress(show_progress ? "exporting" : "", show_progress ? session.last_seq : 0);
    writer.begin(session);
    // What comes later is not part of it.
    for (Seq after = 0; after < session.last_seq;) {
        const auto messages = read_messages(program, session.client_id, after,
                                            std::min(kPage, session.last_seq - after));
        if (messages.empty()) break;
        for (const auto& message : messages) {
            if (message.seq <= session.last_seq) writer.message(session, message);
        }
        after = messages.back().seq;
        if (show_progress) progress.set(after);
    }
    writer.end(session);
}

void write_all(Program& program, Writer& writer) {
    Progress progress("exporting sessions", 0);
    std::uint64_t done = 0;
    for (const auto status : {SessionStatus::closed, SessionStatus::active}) {
        SessionQuery query;
        query.status = status;
        do {
            auto page = value_of(program.chat().sessions(query));
            for (const auto& session : page.sessions) {
                write_one(program, session, writer, false);
                progress.set(++done);
            }
            query.cursor = page.next;
        } while (query.cursor);
    }
}

int run(Program& program, const Options& options) {
    if (options.all == !options.client_id.empty()) {
        throw Stop("name one CLIENT, or --all", kBadUsage);
    }
    if (options.all && options.format != "jsonl") {
        throw Stop("--all writes lines: add --format jsonl", kBadUsage);
    }
    // Before the file is touched.
    Session session;
    if (!options.all) session = find_session(program, options.client_id);
    std::ofstream file;
    if (options.output != "-") {
        make_private(options.output);
        file.open(options.output, std::ios::binary | std::ios::trunc);
        if (!file)
            throw Stop("cannot write " + options.output + ": name a file that you may write");
    }
    std::ostream& out = options.output == "-" ? std::cout : file;
    const auto writer = writer_of(options.format, out);
    if (options.all)
        write_all(program, *writer);
    else
        write_one(program, session, *writer, true);
    out.flush();
    if (!out) {
        throw Stop("not all of it could be written to " +
                   (options.output == "-" ? std::string("standard output") : options.output) +
                   ": make room on the disk and run this again");
    }
    return kDone;
}

}  // namespace

void add_export(CLI::App& app, Program& program) {
    const auto options = std::make_shared<Options>();
    auto* command = add_command(app, program, "export", "Writes a conversation out",
                                [&program, options] { return run(program, *options); });
    command->add_option("CLIENT", options->client_id, "Its clientId");
    command->add_flag("--all", options->all, "All conversations (--format jsonl)");
    command
        ->add_option("--format", options->format,
                     "json, html (a page for people), or jsonl (lines that import takes)")
        ->capture_default_str()
        ->check(CLI::IsMember({"json", "html", "jsonl"}));
    command->add_option("-o,--output", options->output, "The file to write; - is standard output")
        ->capture_default_str();
}

}  // namespace livechat::admin
