#include "terminal/terminal.hpp"

#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <utility>

#include "terminal/exit.hpp"
#include "terminal/text.hpp"

namespace livechat::admin {
namespace {

constexpr std::size_t kBarWidth = 30;
constexpr std::chrono::milliseconds kRedraw{100};

// Echo off while it lives.
class Hidden {
  public:
    Hidden() {
        known_ = tcgetattr(STDIN_FILENO, &before_) == 0;
        if (!known_) return;
        termios hidden = before_;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    ~Hidden() {
        if (known_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    Hidden(const Hidden&) = delete;
    Hidden& operator=(const Hidden&) = delete;

  private:
    termios before_{};
    bool known_ = false;
};

std::string read_line() {
    std::string line;
    if (!std::getline(std::cin, line)) throw Stop("nothing was changed: no answer", kNotAgreed);
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

[[noreturn]] void refuse_to_guess(const std::string& question, std::string_view option) {
    throw Stop("there is no terminal to ask \"" + question + "\" at: give " + std::string(option),
               kBadUsage);
}

}  // namespace

bool has_person() { return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1; }

std::string ask(const std::string& question, const std::string& proposal, std::string_view option) {
    if (!has_person()) refuse_to_guess(question, option);
    std::cerr << question << (proposal.empty() ? "" : " [" + proposal + "]") << ": " << std::flush;
    auto line = read_line();
    return line.empty() ? proposal : line;
}

std::string ask_secret(const std::string& question, std::string_view option) {
    if (!has_person()) refuse_to_guess(question, option);
    std::cerr << question << ": " << std::flush;
    std::string line;
    {
        const Hidden hidden;
        line = read_line();
    }
    std::cerr << '\n';
    return line;
}

std::string ask_new_secret(const std::string& question, std::string_view option) {
    for (;;) {
        auto first = ask_secret(question, option);
        if (first == ask_secret("The same again", option)) return first;
        std::cerr << "These two differ; once more.\n";
    }
}

void confirm(const std::string& question, bool agreed) {
    if (agreed) return;
    if (!has_person()) {
        throw Stop("nothing was changed: there is no terminal to ask \"" + question +
                       "\" at; --yes says yes",
                   kNotAgreed);
    }
    std::cerr << question << " [y/N] " << std::flush;
    const auto answer = read_line();
    if (answer != "y" && answer != "Y" && answer != "yes") {
        throw Stop("nothing was changed", kNotAgreed);
    }
}

std::string read_secret_file(const std::string& file) {
    std::ifstream opened;
    if (file != "-") {
        opened.open(file);
        if (!opened)
            throw Stop("cannot read " + file + ": name a file that you may read", kBadUsage);
    }
    std::istream& in = file == "-" ? std::cin : opened;
    std::string line;
    std::getline(in, line);
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) {
        throw Stop(
            (file == "-" ? "standard input" : file) + " holds no secret: its first line is empty",
            kBadUsage);
    }
    return line;
}

Progress::Progress(std::string what, std::uint64_t total)
    : what_(std::move(what)), total_(total), shown_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
    if (!drawn_) return;
    draw();
    std::cerr << '\n';
}

void Progress::set(std::uint64_t done) {
    done_ = done;
    if (!shown_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + kRedraw;
    draw();
}

void Progress::draw() {
    drawn_ = true;
    std::string line = "\r" + what_ + "  ";
    if (total_ > 0) {
        const auto part = std::min(done_, total_);
        const auto bar = static_cast<std::size_t>(part * kBarWidth / total_);
        line += "[" + std::string(bar, '=') + std::string(kBarWidth - bar, ' ') + "]  " +
                std::to_string(part * 100 / total_) + " %  " + grouped(done_) + " of " +
                grouped(total_);
    } else {
        line += grouped(done_);
    }
    std::cerr << line << "\x1b[K" << std::flush;
}

}  // namespace livechat::admin
