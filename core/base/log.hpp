// Log lines on stderr: `<6>event=ready listen=unix:/run/… workers=4`, a journald priority
// (sd-daemon(3)) and key=value pairs. Any thread. Never the text of a message, never a token.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace livechat::log {

enum class Level { debug, info, warning, error };

// "debug", "info", "warning" or "error"; throws std::invalid_argument for another word.
Level parse_level(std::string_view word);

// Before the first line, and again to change the level. program: the first pair of every line.
void start(std::string_view program, Level level);

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
    Field(std::string_view key, Number value) : key_(key), value_(std::to_string(value)) {}

    const std::string& key() const { return key_; }
    const std::string& value() const { return value_; }

  private:
    std::string key_;
    std::string value_;
};

using Fields = std::initializer_list<Field>;

void debug(std::string_view event, Fields fields = {});
void info(std::string_view event, Fields fields = {});
void warning(std::string_view event, Fields fields = {});
void error(std::string_view event, Fields fields = {});

// A line's text after the priority. Pure; for the functions above and their tests.
std::string format(std::string_view program, std::string_view event, Fields fields);

}  // namespace livechat::log
