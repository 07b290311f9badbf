#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace livechat::log {
namespace {

std::string g_program = "livechat";

// Whether a value can stand without quotes.
bool is_plain(std::string_view value) {
    return !value.empty() && std::ranges::all_of(value, [](char c) {
        return c > ' ' && c != '"' && c != '=' && c != '\\' && c != '\x7f';
    });
}

void append_quoted(std::string& out, std::string_view value) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += '"';
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7f) {
            out += "\\x";
            out += kHex[byte >> 4];
            out += kHex[byte & 0xf];
        } else {
            out += c;
        }
    }
    out += '"';
}

void append_pair(std::string& line, std::string_view key, std::string_view value) {
    if (!line.empty()) line += ' ';
    line += key;
    line += '=';
    if (is_plain(value)) {
        line += value;
    } else {
        append_quoted(line, value);
    }
}

spdlog::level::level_enum to_spdlog(Level level) {
    switch (level) {
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warning:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

// priority: of syslog(3), which journald reads from the start of a line.
void write(Level level, int priority, std::string_view event, Fields fields) {
    const auto spdlog_level = to_spdlog(level);
    auto* logger = spdlog::default_logger_raw();
    if (!logger->should_log(spdlog_level)) return;
    logger->log(spdlog_level, "<{}>{}", priority, format(g_program, event, fields));
}

}  // namespace

bool enabled(Level level) { return spdlog::default_logger_raw()->should_log(to_spdlog(level)); }

Level parse_level(std::string_view word) {
    if (word == "debug") return Level::debug;
    if (word == "info") return Level::info;
    if (word == "warning") return Level::warning;
    if (word == "error") return Level::error;
    throw std::invalid_argument("the log level is debug, info, warning or error");
}

void start(std::string_view program, Level level) {
    g_program = program;
    auto logger = std::make_shared<spdlog::logger>(
        "livechat", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern("%v", spdlog::pattern_time_type::utc);
    logger->set_level(to_spdlog(level));
    logger->flush_on(spdlog::level::debug);
    spdlog::set_default_logger(std::move(logger));
}

std::string format(std::string_view program, std::string_view event, Fields fields) {
    std::string line;
    append_pair(line, "program", program);
    append_pair(line, "event", event);
    for (const Field& field : fields) append_pair(line, field.key(), field.value());
    return line;
}

void debug(std::string_view event, Fields fields) { write(Level::debug, 7, event, fields); }
void info(std::string_view event, Fields fields) { write(Level::info, 6, event, fields); }
void warning(std::string_view event, Fields fields) { write(Level::warning, 4, event, fields); }
void error(std::string_view event, Fields fields) { write(Level::error, 3, event, fields); }

}  // namespace livechat::log
