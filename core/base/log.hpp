// Log lines on stderr: `<6>event=ready listen=unix:/run/… workers=4`, a journald priority
// (sd-daemon(3)) and key=value pairs, or the same as JSON. Any thread. Never the text of a message,
// never a token. No call waits for stderr: lines that it does not take are dropped and counted, and
// the count is the first thing that it takes again (`log_lines_dropped`).
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace livechat::log {

enum class Level { debug, info, warning, error };

enum class Format {
    text,  // key=value pairs behind their priority
    json,  // an object with time and level; behind its priority only where journald reads it
};

// "debug", "info", "warning" or "error"; throws std::invalid_argument for another word.
Level parse_level(std::string_view word);
// "text" or "json"; throws std::invalid_argument for another word.
Format parse_format(std::string_view word);

// Before the first line, and again after the configuration was read again. program: the first pair
// of every line.
void start(std::string_view program, Level level, Format format = Format::text);

// Lines of this level and above are written from now on. It holds for this process and, after
// share_level(), for all that it forks and that have forked it.
void set_level(Level level);

// Before the first fork: moves the level, and the count of lines that were dropped, into memory
// that all children share, so that a signal to their master changes the level everywhere. Throws
// std::system_error.
void share_level();

// Lines that were dropped because stderr took no more: of this process and all that share with it.
std::uint64_t dropped();
// Logs how many lines this process dropped, if stderr takes lines again. Every line does that; this
// is for programs that may have none to log for long.
void report_dropped();

// Whether lines of this level are written: for callers whose fields cost something.
bool enabled(Level level);

// One pair. Values are quoted where they hold anything but plain words, and control characters are
// escaped: no peer can forge a line.
class Field {
  public:
    Field(std::string_view key, std::string_view value) : key_(key), value_(value) {}
    Field(std::string_view key, const std::string& value) : key_(key), value_(value) {}
    Field(std::string_view key, const char* value) : key_(key), value_(value) {}
    template <std::integral Number>
    Field(std::string_view key, Number value)
        : key_(key), value_(std::to_string(value)), number_(true) {}

    const std::string& key() const { return key_; }
    const std::string& value() const { return value_; }
    bool is_number() const { return number_; }

  private:
    std::string key_;
    std::string value_;
    bool number_ = false;
};

using Fields = std::initializer_list<Field>;

void debug(std::string_view event, Fields fields = {});
void info(std::string_view event, Fields fields = {});
void warning(std::string_view event, Fields fields = {});
void error(std::string_view event, Fields fields = {});

// A line's text after the priority. Pure; for the functions above and their tests.
std::string format(std::string_view program, std::string_view event, Fields fields);

// The same as one JSON object (RFC 8259). What is not UTF-8 in a value becomes U+FFFD.
std::string format_json(std::chrono::system_clock::time_point time,
                        Level level,
                        std::string_view program,
                        std::string_view event,
                        Fields fields);

}  // namespace livechat::log
