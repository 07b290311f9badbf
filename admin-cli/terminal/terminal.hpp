// The person at the other end: questions, secrets without echo, progress. Where there is no person
// (a script, cron), a question is a refusal that names the option which answers it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace livechat::admin {

// Whether a person can be asked: standard input and standard error are a terminal.
bool has_person();

// One line; an empty one is `proposal`. Stop where no one can be asked; `option` is what answers it
// instead.
std::string ask(const std::string& question, const std::string& proposal, std::string_view option);

// One line that is not shown while it is typed. Stop where no one can be asked.
std::string ask_secret(const std::string& question, std::string_view option);

// Twice, until both are the same.
std::string ask_new_secret(const std::string& question, std::string_view option);

// "y" or "yes" is yes; anything else, and the end of input, is no: Stop(kNotAgreed).
// agreed: --yes was given.
void confirm(const std::string& question, bool agreed);

// The first line of a file, without its end; "-" is standard input. Stop if it cannot be read.
std::string read_secret_file(const std::string& file);

// "deleting  [=====     ]  50 %  1,000 of 2,000" on standard error while it is a terminal, at most
// ten times a second; nothing otherwise. Ends its line when it goes out of scope.
class Progress {
  public:
    // total 0: not known.
    Progress(std::string what, std::uint64_t total);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void set(std::uint64_t done);

  private:
    void draw();

    std::string what_;
    const std::uint64_t total_;
    std::uint64_t done_ = 0;
    bool shown_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point next_{};
};

}  // namespace livechat::admin
