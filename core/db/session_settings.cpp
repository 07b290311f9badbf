#include "db/session_settings.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace livechat::db {
namespace {

constexpr std::string_view kLockTimeout;  // stands for the configured one

struct Row {
    std::string_view name;
    std::string_view value;
    bool vital = false;
};

constexpr std::array kRows{
    // When and how a transaction begins and ends, and what it sees.
    Row{"autocommit", "ON", true},
    Row{"completion_type", "NO_CHAIN", true},
    Row{"tx_isolation", "REPEATABLE-READ", true},
    Row{"transaction_isolation", "REPEATABLE-READ", true},
    Row{"tx_read_only", "OFF", true},
    Row{"transaction_read_only", "OFF", true},
    Row{"innodb_snapshot_isolation", "OFF"},
    Row{"wsrep_dirty_reads", "OFF"},
    Row{"query_cache_type", "OFF"},
    // What statements mean.
    Row{"sql_mode", "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION", true},
    Row{"time_zone", "+00:00", true},
    Row{"sql_safe_updates", "OFF"},
    Row{"sql_auto_is_null", "OFF"},
    Row{"sql_select_limit", "18446744073709551615"},
    Row{"max_sort_length", "1024"},
    Row{"max_error_count", "64"},
    Row{"foreign_key_checks", "ON"},
    Row{"unique_checks", "ON"},
    Row{"check_constraint_checks", "ON"},
    Row{"sql_if_exists", "OFF"},
    Row{"alter_algorithm", "DEFAULT"},
    Row{"old_passwords", "0"},
    // MySQL 8 otherwise tells for a day when a table was made that is not there any more.
    Row{"information_schema_stats_expiry", "0"},
    // What a statement may take; sql_big_selects lifts max_join_size.
    Row{"sql_big_selects", "ON"},
    Row{"max_statement_time", "0"},
    Row{"max_execution_time", "0"},
    Row{"max_session_mem_used", "9223372036854775807"},
    Row{"tmp_disk_table_size", "18446744073709551615"},
    // How long it waits, and the server for us.
    Row{"innodb_lock_wait_timeout", kLockTimeout, true},
    Row{"lock_wait_timeout", kLockTimeout, true},
    Row{"wait_timeout", "28800"},
    Row{"net_read_timeout", "30"},
    Row{"net_write_timeout", "60"},
};

// SHOW says ON and OFF, or 1 and 0, and a number with or without decimals.
std::string normal(std::string_view value) {
    std::string text(value);
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
    if (text == "ON") return "1";
    if (text == "OFF") return "0";
    const auto point = text.find('.');
    const bool whole = point != std::string::npos && point > 0 &&
                       text.find_first_not_of('0', point + 1) == std::string::npos;
    return whole ? text.substr(0, point) : text;
}

// Bare where it is a number or a switch: DEFAULT without quotes is not a value.
std::string literal(std::string_view value) {
    const bool number = std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
    if (number || value == "ON" || value == "OFF") return std::string(value);
    return "'" + std::string(value) + "'";
}

}  // namespace

std::vector<SessionSetting> session_settings(std::chrono::seconds lock_timeout) {
    const auto timeout = std::to_string(lock_timeout.count());
    std::vector<SessionSetting> settings;
    for (const auto& [name, value, vital] : kRows) {
        settings.push_back({name, value.empty() ? timeout : std::string(value), vital});
    }
    return settings;
}

std::vector<SessionSetting> settings_before_question() {
    return {{"sql_big_selects", "ON", true}, {"sql_select_limit", "18446744073709551615", true}};
}

std::string settings_question(const std::vector<SessionSetting>& settings,
                              const std::vector<std::string_view>& more) {
    std::string sql = "SHOW SESSION VARIABLES WHERE Variable_name IN (";
    for (const auto& setting : settings) sql.append("'").append(setting.name).append("',");
    for (const auto name : more) sql.append("'").append(name).append("',");
    sql.back() = ')';
    return sql;
}

std::vector<SessionSetting> settings_to_change(const std::vector<SessionSetting>& settings,
                                               const Variables& shown) {
    std::vector<SessionSetting> changes;
    for (const auto& setting : settings) {
        const auto found = shown.find(setting.name);
        if (found == shown.end() || normal(found->second) == normal(setting.value)) continue;
        changes.push_back(setting);
    }
    return changes;
}

std::string set_statement(const std::vector<SessionSetting>& settings) {
    std::string sql = "SET NAMES utf8mb4 COLLATE utf8mb4_general_ci";
    for (const auto& [name, value, vital] : settings) {
        sql.append(", @@session.").append(name).append(" = ").append(literal(value));
    }
    return sql;
}

}  // namespace livechat::db
