#include "doctor/server_settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "terminal/text.hpp"

namespace livechat::admin {
namespace {

// A daemon's, besides its readers: the writer's, the recovery's, the feed's, the watch's.
constexpr std::uint64_t kDaemonsOwn = 4;
// Besides the programs' own: administrators, backups, this one.
constexpr std::uint64_t kSpareConnections = 10;
// What a message's statement holds besides its text.
constexpr std::uint64_t kRestOfStatement = 1024;
// That one connection may keep.
constexpr std::uint64_t kPrepared = 100;

// A value of one variable that hurts.
struct Rule {
    std::string_view variable;
    bool (*hurts)(std::string_view value);
    Grade grade;
    std::string_view what;
    std::string_view advice;
};

bool is_on(std::string_view value) { return value == "ON" || value == "1"; }
bool is_off(std::string_view value) { return value == "OFF" || value == "0"; }
bool is_not_off(std::string_view value) { return !is_off(value); }
bool is_not_one(std::string_view value) { return value != "1"; }
bool is_not_zero(std::string_view value) { return value != "0"; }
bool is_filled(std::string_view value) { return !value.empty(); }
bool is_statement(std::string_view value) { return value == "STATEMENT"; }
bool is_not_innodb(std::string_view value) { return is_filled(value) && value != "InnoDB"; }

constexpr Rule kRules[]{
    {"read_only", is_not_off, Grade::bad, "the server is read-only: nothing can be stored",
     "name the server that takes writes in [database], or set read_only = OFF"},
    {"super_read_only", is_not_off, Grade::bad, "the server is read-only, also for administrators",
     "name the server that takes writes in [database], or set super_read_only = OFF"},
    {"innodb_read_only", is_on, Grade::bad, "InnoDB is read-only: nothing can be stored",
     "start the server without innodb_read_only"},
    {"offline_mode", is_on, Grade::bad, "the server is offline: it ends all connections",
     "set offline_mode = OFF"},
    {"innodb_force_recovery", is_not_zero, Grade::bad,
     "InnoDB runs in recovery mode: writes may be refused",
     "finish the recovery, and start the server without innodb_force_recovery"},
    {"tx_read_only", is_on, Grade::notice,
     "transactions are read-only by default; the programs undo that, SQL of others has to as well",
     "set tx_read_only = OFF"},
    {"transaction_read_only", is_on, Grade::notice,
     "transactions are read-only by default; the programs undo that, SQL of others has to as well",
     "set transaction_read_only = OFF"},
    {"autocommit", is_off, Grade::notice,
     "autocommit is off by default; the programs undo that, SQL of others has to COMMIT",
     "set autocommit = ON"},
    {"innodb_snapshot_isolation", is_on, Grade::notice,
     "transactions fail with error 1020 where they lock what changed since they read it; the"
     " programs do not, SQL of others should repeat them as after 1213",
     "set innodb_snapshot_isolation = OFF, or repeat (docs/sql.md)"},
    {"binlog_format", is_statement, Grade::notice,
     "the binary log holds statements: replicas may come to differ (binlog_format = STATEMENT)",
     "set binlog_format = ROW"},
    {"sync_binlog", is_not_one, Grade::notice,
     "a power failure can part replicas from this server (sync_binlog)", "set sync_binlog = 1"},
    {"innodb_doublewrite", is_off, Grade::notice,
     "a power failure can damage tables (innodb_doublewrite)", "set innodb_doublewrite = ON"},
    {"auto_increment_increment", is_not_one, Grade::notice,
     "numbers have gaps (auto_increment_increment): the daemons ask for each that is skipped, and"
     " under load broken connections are not recovered; messages are neither lost nor late",
     "set auto_increment_increment = 1 if this is the only server that is written to"},
    {"init_connect", is_filled, Grade::notice,
     "the server runs init_connect for every new connection; the programs undo what it sets, as far"
     " as they know it",
     "leave the programs' account out of it"},
    {"enforce_storage_engine", is_not_innodb, Grade::bad,
     "the server enforces another storage engine: migrations will be refused",
     "set enforce_storage_engine = InnoDB, or nothing"},
};

std::optional<std::uint64_t> number(const db::Variables& variables, std::string_view name) {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    const auto& text = found->second;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

void judge_connections(const ServerSettings& settings, const Config& config, Findings& findings) {
    const auto own = config.fcgi.workers + config.wsd.reader_threads + kDaemonsOwn;
    const auto needed = own + kSpareConnections;
    if (const auto most = number(settings.variables, "max_connections"); most && *most < needed) {
        findings.push_back(bad("the server takes " + std::to_string(*most) +
                                   " connections, and one daemon and"
                                   " the workers want " +
                                   std::to_string(needed),
                               "raise max_connections, or lower fcgi.workers"));
    }
    if (const auto most = settings.account_connections; most > 0 && most < own) {
        findings.push_back(
            bad("the account may have " + std::to_string(most) +
                    " connections, and one daemon and the workers want " + std::to_string(own),
                "raise its MAX_USER_CONNECTIONS (ALTER USER ... WITH) or the server's"
                " max_user_connections, or lower fcgi.workers"));
    }
    if (const auto most = number(settings.variables, "max_prepared_stmt_count");
        most && *most < own * kPrepared) {
        findings.push_back(bad("the server keeps " + std::to_string(*most) +
                                   " prepared statements, and the programs want " +
                                   std::to_string(own * kPrepared),
                               "raise max_prepared_stmt_count"));
    }
}

void judge_packet(const ServerSettings& settings, const Config& config, Findings& findings) {
    const auto most = number(settings.variables, "max_allowed_packet");
    if (!most) return;
    const auto longest = config.limits.message_bytes + kRestOfStatement;
    const auto batch = config.wsd.writer_batch * config.limits.message_bytes;
    if (*most < longest) {
        findings.push_back(bad("the server takes statements of " + in_bytes(*most) +
                                   ", and a message may have " +
                                   in_bytes(config.limits.message_bytes),
                               "raise max_allowed_packet to 16M, or lower limits.message_bytes"));
    } else if (*most < batch) {
        findings.push_back(notice("the server takes statements of " + in_bytes(*most) +
                                      ", and a full batch of the longest messages has " +
                                      in_bytes(batch),
                                  "raise max_allowed_packet to 16M, or lower wsd.writer_batch"));
    }
}

}  // namespace

Findings judge_settings(const ServerSettings& settings, const Config& config) {
    Findings findings;
    judge_connections(settings, config, findings);
    judge_packet(settings, config, findings);
    const auto& variables = settings.variables;
    if (const auto flush = variables.find("innodb_flush_log_at_trx_commit");
        flush != variables.end() && flush->second != "1") {
        findings.push_back(
            notice("a power failure can lose messages that were acknowledged"
                   " (innodb_flush_log_at_trx_commit = " +
                       flush->second + ")",
                   "set innodb_flush_log_at_trx_commit = 1"));
    }
    const auto log = variables.find("log_bin");
    const bool binlog = log != variables.end() && is_on(log->second);
    for (const auto& rule : kRules) {
        const auto found = variables.find(rule.variable);
        if (found == variables.end() || !rule.hurts(found->second)) continue;
        const bool of_binlog = rule.variable == "sync_binlog" || rule.variable == "binlog_format";
        if (of_binlog && !binlog) continue;
        findings.push_back({rule.grade, std::string(rule.what), std::string(rule.advice)});
    }
    for (const auto& refused : settings.refused) {
        findings.push_back(notice("the server does not let the programs set " + refused,
                                  "set it for all sessions, or let the account set it"));
    }
    return findings;
}

}  // namespace livechat::admin
