// import: conversations of another system, from JSON lines.
#include <sys/stat.h>
#include <fstream>
#include <iostream>
#include <memory>

#include "commands/commands.hpp"
#include "terminal/terminal.hpp"
#include "terminal/text.hpp"
#include "transfer/import_line.hpp"

namespace livechat::admin {
namespace {

constexpr std::size_t kBatch = 200;
// A message of the largest size, each byte of it escaped, and the rest of its line.
constexpr std::size_t kLongestLine = 1024 * 1024;
constexpr std::uint64_t kNamedLines = 20;

struct Options {
    std::string file;
    bool dry_run = false;
};

struct Outcome {
    std::uint64_t lines = 0;
    std::uint64_t bad = 0;
    Imported imported;
};

class Run {
  public:
    Run(Program& program, const Options& options) : program_(program), options_(options) {}

    Outcome take_all(std::istream& in, std::uint64_t bytes) {
        Progress progress(options_.dry_run ? "checking" : "importing", bytes);
        std::string line;
        std::uint64_t position = 0;
        while (std::getline(in, line)) {
            ++result_.lines;
            position += line.size() + 1;
            take(line);
            if (batch_.size() >= kBatch) write();
            progress.set(position);
        }
        if (in.bad())
            throw Stop("line " + std::to_string(result_.lines) +
                       " cannot be read: mend the file and run this again");
        write();
        return result_;
    }

  private:
    void take(std::string& line) {
        if (line.ends_with('\r')) line.pop_back();
        if (line.find_first_not_of(" \t") == std::string::npos) return;
        if (result_.lines == 1 && line.starts_with("\xef\xbb\xbf")) line.erase(0, 3);
        if (line.size() > kLongestLine) return complain("it is longer than 1 MiB");
        auto item = parse_import_line(line, program_.config().limits);
        if (!item) return complain(item.error());
        names_.name(*item, result_.lines);
        batch_.push_back(*std::move(item));
    }

    void complain(const std::string& what) {
        ++result_.bad;
        if (result_.bad <= kNamedLines) {
            std::cerr << "line " << result_.lines << ": " << printable(what) << '\n';
        } else if (result_.bad == kNamedLines + 1) {
            std::cerr << "more bad lines follow, which are counted and not named\n";
        }
    }

    void write() {
        if (!batch_.empty() && !options_.dry_run) {
            const auto part = ImportService(program_.database()).write(batch_);
            result_.imported.sessions += part.sessions;
            result_.imported.messages += part.messages;
            result_.imported.known += part.known;
            result_.imported.erased += part.erased;
            program_.ring();
        }
        batch_.clear();
    }

    Program& program_;
    const Options& options_;
    MessageNames names_;
    std::vector<ImportItem> batch_;
    Outcome result_;
};

Outcome read_file(Program& program, const Options& options) {
    Run run(program, options);
    if (options.file == "-") return run.take_all(std::cin, 0);
    struct stat about {};
    std::ifstream in(options.file, std::ios::binary);
    if (!in || stat(options.file.c_str(), &about) != 0 || S_ISDIR(about.st_mode)) {
        throw Stop("cannot read " + options.file +
                       ": name a file that you may read, or - for standard input",
                   kBadUsage);
    }
    return run.take_all(in, static_cast<std::uint64_t>(about.st_size));
}

int run(Program& program, const Options& options) {
    const auto result = read_file(program, options);
    const Json value{{"lines", result.lines},
                     {"badLines", result.bad},
                     {"sessions", result.imported.sessions},
                     {"messages", result.imported.messages},
                     {"knownMessages", result.imported.known},
                     {"erasedLines", result.imported.erased}};
    program.print(value, [&] {
        std::string text = grouped(result.lines) + " lines";
        if (options.dry_run) {
            text += " checked, nothing was written";
        } else {
            text += ": " + grouped(result.imported.messages) + " messages and " +
                    grouped(result.imported.sessions) + " sessions were added, " +
                    grouped(result.imported.known) + " messages were there already";
        }
        if (result.imported.erased > 0) {
            text += "; " + grouped(result.imported.erased) +
                    " lines were left out because their clientId was erased here since";
        }
        if (result.bad > 0) {
            text +=
                "; " + grouped(result.bad) +
                " bad lines were left out: correct them and run this again, nothing comes twice";
        }
        return text + "\n";
    });
    return result.bad > 0 ? kPartlyDone : kDone;
}

}  // namespace

void add_import(CLI::App& app, Program& program) {
    const auto options = std::make_shared<Options>();
    auto* command = add_command(app, program, "import",
                                "Takes over conversations from JSON lines; may be repeated",
                                [&program, options] { return run(program, *options); });
    command->add_option("FILE", options->file, "The file; - is standard input")->required();
    command->add_flag("--dry-run", options->dry_run, "Only checks the lines");
}

}  // namespace livechat::admin
