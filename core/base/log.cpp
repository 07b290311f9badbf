#include "base/log.hpp"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <system_error>

#include "base/json.hpp"
#include "base/line_writer.hpp"
#include "base/utf8.hpp"

namespace livechat::log {
namespace {

std::string g_program = "livechat";
Format g_format = Format::text;

// What a master and its children have in common.
struct Shared {
    std::atomic<Level> level{Level::info};
    std::atomic<std::uint64_t> dropped{0};
};
Shared g_own;
Shared* g_shared = &g_own;  // or in shared memory

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

// Well-formed UTF-8 and nothing else: readers of JSON refuse a line that is not.
void append_json_text(std::string& line, std::string_view text) {
    append_json_string(line,
                       rewritten(text, [](char32_t, std::string_view bytes) { return bytes; }));
}

void append_member(std::string& line, std::string_view key, std::string_view value) {
    line += line.empty() ? '{' : ',';
    append_json_string(line, key);
    line += ':';
    append_json_text(line, value);
}

// RFC 3339, UTC, milliseconds.
std::string timestamp(std::chrono::system_clock::time_point time) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
    const std::time_t seconds = ms.count() / 1000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900,
                       parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                       ms.count() % 1000);
}

std::string_view word_of(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warning:
            return "warning";
        case Level::error:
            break;
    }
    return "error";
}

// systemd.exec(5), "$JOURNAL_STREAM": device and inode of the journal's end of stderr.
bool journal_reads() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat target {};
    return stream && fstat(STDERR_FILENO, &target) == 0 &&
           stream == std::to_string(target.st_dev) + ":" + std::to_string(target.st_ino);
}

// priority: of syslog(3), which journald reads from the start of a line.
std::string compose(Level level, int priority, std::string_view event, Fields fields) {
    static const bool for_journal = journal_reads();
    std::string line;
    if (g_format == Format::text || for_journal) line = fmt::format("<{}>", priority);
    line += g_format == Format::text
                ? format(g_program, event, fields)
                : format_json(std::chrono::system_clock::now(), level, g_program, event, fields);
    return line;
}

void write(Level level, int priority, std::string_view event, Fields fields) {
    if (!enabled(level)) return;
    spdlog::default_logger_raw()->log(spdlog::level::info, compose(level, priority, event, fields));
}

// stderr, without ever waiting for it.
class StderrSink final : public spdlog::sinks::base_sink<std::mutex> {
  private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        if (report_dropped() && writer_.write({line.data(), line.size()})) return;
        ++unreported_;
        ++g_shared->dropped;
    }
    void flush_() override { report_dropped(); }

    // Whether there is nothing to report any more.
    bool report_dropped() {
        if (unreported_ == 0) return true;
        const auto line = compose(Level::warning, 4, "log_lines_dropped",
                                  {{"count", unreported_}, {"reason", "stderr took no more"}});
        if (!writer_.write(line + '\n')) return false;
        unreported_ = 0;
        return true;
    }

    LineWriter writer_{STDERR_FILENO};
    std::uint64_t unreported_ = 0;
};

}  // namespace

bool enabled(Level level) { return level >= g_shared->level.load(std::memory_order_relaxed); }

Level parse_level(std::string_view word) {
    for (const Level level : {Level::debug, Level::info, Level::warning, Level::error}) {
        if (word == word_of(level)) return level;
    }
    throw std::invalid_argument("the log level is debug, info, warning or error");
}

Format parse_format(std::string_view word) {
    if (word == "text") return Format::text;
    if (word == "json") return Format::json;
    throw std::invalid_argument("the log format is text or json");
}

void start(std::string_view program, Level level, Format format) {
    g_program = program;
    g_format = format;
    set_level(level);
    // The same one after the configuration was read again: it may hold the rest of a line.
    static const auto sink = std::make_shared<StderrSink>();
    auto logger = std::make_shared<spdlog::logger>("livechat", sink);
    logger->set_pattern("%v", spdlog::pattern_time_type::utc);
    spdlog::set_default_logger(std::move(logger));
}

void set_level(Level level) { g_shared->level.store(level, std::memory_order_relaxed); }

void share_level() {
    static_assert(std::atomic<Level>::is_always_lock_free);
    static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
    void* memory =
        mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
    auto* const shared = new (memory) Shared;
    shared->level = g_shared->level.load();
    shared->dropped = g_shared->dropped.load();
    g_shared = shared;
}

std::uint64_t dropped() { return g_shared->dropped; }

void report_dropped() { spdlog::default_logger_raw()->flush(); }

std::string format(std::string_view program, std::string_view event, Fields fields) {
    std::string line;
    append_pair(line, "program", program);
    append_pair(line, "event", event);
    for (const Field& field : fields) append_pair(line, field.key(), field.value());
    return line;
}

std::string format_json(std::chrono::system_clock::time_point time,
                        Level level,
                        std::string_view program,
                        std::string_view event,
                        Fields fields) {
    std::string line;
    append_member(line, "time", timestamp(time));
    append_member(line, "level", word_of(level));
    append_member(line, "program", program);
    append_member(line, "event", event);
    for (const Field& field : fields) {
        if (!field.is_number()) {
            append_member(line, field.key(), field.value());
            continue;
        }
        line += ',';
        append_json_string(line, field.key());
        line += ':';
        line += field.value();
    }
    line += '}';
    return line;
}

void debug(std::string_view event, Fields fields) { write(Level::debug, 7, event, fields); }
void info(std::string_view event, Fields fields) { write(Level::info, 6, event, fields); }
void warning(std::string_view event, Fields fields) { write(Level::warning, 4, event, fields); }
void error(std::string_view event, Fields fields) { write(Level::error, 3, event, fields); }

}  // namespace livechat::log
