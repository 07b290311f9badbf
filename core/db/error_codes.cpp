#include "db/error_codes.hpp"

#include <algorithm>
#include <array>

#include "db/statement_timer.hpp"

namespace livechat::db {
namespace {

using enum ErrorKind;

constexpr int kOptionPrevents = 1290;
constexpr int kReadOnlyMode = 1836;
constexpr int kReadOnlyTransaction = 1792;
constexpr int kPacketTooLarge = 1153;

constexpr std::string_view kFull = "the disk of the database server is full";
constexpr std::string_view kMakeRoom =
    "make room there; until then nothing is stored, and what is refused is sent again by its "
    "sender";
constexpr std::string_view kReadOnly = "the database server is read-only";
constexpr std::string_view kNameAnother =
    "name the one that takes writes in [database], or let this one take them";
constexpr std::string_view kNoRight = "the account lacks a right";
constexpr std::string_view kDoctorNames = "run livechat-admin doctor, which names it";
constexpr std::string_view kOtherSchema = "the schema is not the one of this program";
constexpr std::string_view kMigrateStatus = "run livechat-admin migrate status";
constexpr std::string_view kTooMany = "the database server has too many connections";
constexpr std::string_view kTooManyOfAccount =
    "the account has as many connections as it may, or has used up what it may do in an hour";
constexpr std::string_view kAccountLimit =
    "raise its MAX_USER_CONNECTIONS and other limits (ALTER USER ... WITH), or "
    "max_user_connections "
    "of the server";
constexpr std::string_view kSystemTables =
    "the system tables of the database server are of an older version";
constexpr std::string_view kUpgrade = "run mariadb-upgrade (mysql_upgrade) there";
constexpr std::string_view kDamaged = "a table of the database is damaged";
constexpr std::string_view kSeeServerLog =
    "look into the log of the database server, and restore a backup if it cannot be repaired";
constexpr std::string_view kNoMemory = "the database server is out of memory or other resources";
constexpr std::string_view kGiveMore = "look into its log, and give it more";
constexpr std::string_view kCluster = "this node of the database cluster takes no statements now";
constexpr std::string_view kLookAtCluster =
    "look at the state of the cluster (wsrep_cluster_status)";
constexpr std::string_view kTimeLimit = "the database server limits how long a statement may take";
constexpr std::string_view kRaiseTime = "raise max_statement_time (max_execution_time) there";

constexpr std::array kKnown{
    KnownError{1062, duplicate, {}, {}},

    // Rolled back because of others: the same again may succeed.
    KnownError{1020, deadlock, "another transaction changed a row that this one had read", {}},
    KnownError{1213, deadlock, {}, {}},
    KnownError{1614, deadlock, {}, {}},
    KnownError{3101, deadlock, {}, {}},  // group replication, at COMMIT

    KnownError{1205, locked,
               "another transaction holds the conversation, or a table, for longer than "
               "database.lock_timeout_s",
               "end it (SHOW FULL PROCESSLIST shows it), or wait for the backup that locks tables"},
    KnownError{1689, locked, {}, {}},
    KnownError{3572, locked, {}, {}},  // MySQL's answer to NOWAIT; MariaDB's is 1205

    KnownError{1180, in_doubt, "the database server failed during a COMMIT",
               "look into the log of the database server"},
    KnownError{1964, in_doubt, {}, {}},

    KnownError{kPacketTooLarge, too_large, "the database server's max_allowed_packet is too small",
               "raise it to 16M"},
    KnownError{2020, too_large, "the database server's max_allowed_packet is too small",
               "raise it to 16M"},
    KnownError{1301, too_large, "the database server's max_allowed_packet is too small",
               "raise it to 16M"},

    // There is a server, and it does not do what we need: it may in a moment, or after someone has
    // helped. Another connection may fare better.
    KnownError{3, lost, kFull, kMakeRoom},     // a temporary file cannot be written
    KnownError{1021, lost, kFull, kMakeRoom},  // ER_DISK_FULL
    KnownError{1026, lost, kFull, kMakeRoom},  // ER_ERROR_ON_WRITE
    KnownError{1114, lost, kFull, kMakeRoom},  // ER_RECORD_FILE_FULL
    KnownError{1878, lost, kFull, kMakeRoom},  // ER_TEMP_FILE_WRITE_FAILURE
    KnownError{1037, lost, kNoMemory, kGiveMore},
    KnownError{1038, lost, kNoMemory, kGiveMore},
    KnownError{1041, lost, kNoMemory, kGiveMore},
    KnownError{1135, lost, kNoMemory, kGiveMore},  // cannot make a thread
    KnownError{1206, lost, kNoMemory, kGiveMore},  // the table of locks is full
    KnownError{1436, lost, kNoMemory, "raise thread_stack there"},
    KnownError{1637, lost, "the database server has too many transactions", "wait for some to end"},
    KnownError{1040, lost, kTooMany, "raise max_connections there, or start fewer workers"},
    KnownError{1203, lost, kTooManyOfAccount, kAccountLimit},
    KnownError{1226, lost, kTooManyOfAccount, kAccountLimit},
    KnownError{1461, lost, "the database server keeps as many prepared statements as it may",
               "raise max_prepared_stmt_count there"},
    KnownError{1129, lost, "the database server blocks this machine after failed connections",
               "run mariadb-admin flush-hosts there"},
    KnownError{1130, lost, "the database server admits no connections from this machine",
               "make the account for this machine's name or address"},
    KnownError{1820, lost, "the account's password has expired", "give it a new one"},
    KnownError{1862, lost, "the account's password has expired", "give it a new one"},
    KnownError{4151, lost, "the account is locked", "ALTER USER ... ACCOUNT UNLOCK"},
    KnownError{3118, lost, "the account is locked", "ALTER USER ... ACCOUNT UNLOCK"},
    KnownError{kOptionPrevents, lost, kReadOnly, kNameAnother},
    KnownError{kReadOnlyMode, lost, kReadOnly, kNameAnother},
    KnownError{
        kReadOnlyTransaction, lost, "the database server makes transactions read-only",
        "set tx_read_only (transaction_read_only) = OFF there, or name the server that takes "
        "writes in [database]"},
    KnownError{3032, lost, "the database server is offline", "set offline_mode = OFF there"},
    KnownError{1665, lost, "the binary log of the database server cannot take our transactions",
               "set binlog_format = ROW there"},
    KnownError{1598, lost, "the binary log of the database server cannot be written",
               "look into its log"},
    KnownError{1785, lost, "the database server refuses the statement because of replication",
               "look into its log"},
    KnownError{1950, lost, "the database server refuses the statement because of replication",
               "look into its log (gtid_strict_mode)"},
    KnownError{3098, lost, "the database server refuses the statement because of replication",
               "look into its log"},
    KnownError{3100, lost, kCluster, "look at the state of the group"},
    KnownError{1047, lost, kCluster, kLookAtCluster},
    KnownError{1105, lost, "the database server, or a proxy in front of it, reports a failure",
               "look into its log"},
    KnownError{1969, lost, kTimeLimit, kRaiseTime},
    KnownError{3024, lost, kTimeLimit, kRaiseTime},
    KnownError{1053, lost, {}, {}},  // shutdown in progress
    KnownError{1080, lost, {}, {}},  // forced close
    KnownError{1152, lost, {}, {}},  // aborted, or cannot read or write the packets
    KnownError{1158, lost, {}, {}},
    KnownError{1159, lost, {}, {}},
    KnownError{1160, lost, {}, {}},
    KnownError{1161, lost, {}, {}},
    KnownError{1184, lost, {}, {}},  // new aborted connection
    KnownError{1243, lost, {}, {}},  // the prepared statement is gone
    KnownError{1317, lost, {}, {}},  // interrupted: MySQL shuts down, or ends the connection
    KnownError{1615, lost, {}, {}},  // the prepared statement must be prepared again
    KnownError{1927, lost, {}, {}},  // connection was killed
    KnownError{4031, lost, {}, {}},  // MySQL 8: ended because it was idle

    // An administrator has to act; until then the same fails again.
    KnownError{1142, other, kNoRight, kDoctorNames},
    KnownError{1143, other, kNoRight, kDoctorNames},
    KnownError{1227, other, kNoRight, kDoctorNames},
    KnownError{1370, other, kNoRight, kDoctorNames},
    KnownError{
        1418, other, "the binary log is on, and the account may not make triggers then",
        "set log_bin_trust_function_creators = 1 on the server, or name an account with SUPER"},
    KnownError{
        1419, other, "the binary log is on, and the account may not make triggers then",
        "set log_bin_trust_function_creators = 1 on the server, or name an account with SUPER"},
    KnownError{1054, other, kOtherSchema, kMigrateStatus},
    KnownError{1146, other, kOtherSchema, kMigrateStatus},
    KnownError{1305, other, kOtherSchema, kMigrateStatus},
    KnownError{1449, other, "the account that ran the migrations is gone",
               "see \"Triggers or procedures are missing\" in operations.md"},
    KnownError{1457, other, kSystemTables, kUpgrade},
    KnownError{1547, other, kSystemTables, kUpgrade},
    KnownError{1548, other, kSystemTables, kUpgrade},
    KnownError{1558, other, kSystemTables, kUpgrade},
    KnownError{1805, other, kSystemTables, kUpgrade},
    KnownError{1118, other, "the database server's pages are too small for a row of ours",
               "use innodb_page_size = 16K"},
    KnownError{1286, other, "the database server has no InnoDB", "take InnoDB into use there"},
    KnownError{1194, other, kDamaged, kSeeServerLog},
    KnownError{1195, other, kDamaged, kSeeServerLog},
    KnownError{1712, other, kDamaged, kSeeServerLog},
    KnownError{1877, other, kDamaged, kSeeServerLog},
    KnownError{1932, other, kDamaged, kSeeServerLog},
    KnownError{1467, other, "the numbers of a table are used up", "see operations.md"},
    KnownError{1175, other, "the session has sql_safe_updates", "take it out of init_connect"},
};

// 1290 names the option: --read-only, --super-read-only, --innodb-read-only, …
constexpr KnownError kOtherOption{kOptionPrevents, other,
                                  "an option of the database server forbids the statement",
                                  "its message names the option: start the server without it"};

bool is_between(int code, int first, int last) { return code >= first && code <= last; }

bool names_read_only(std::string_view message) {
    return message.find("read-only") != std::string_view::npos ||
           message.find("read_only") != std::string_view::npos;
}

}  // namespace

const KnownError* find_known_error(int code, std::string_view message) {
    if (code == kOptionPrevents && !message.empty() && !names_read_only(message)) {
        return &kOtherOption;
    }
    const auto* const found = std::ranges::find(kKnown, code, &KnownError::code);
    return found == kKnown.end() ? nullptr : found;
}

ErrorKind kind_of(int code, std::string_view message) {
    if (const auto* const known = find_known_error(code, message)) return known->kind;
    // The client library's own: CR_… of MySQL and of MariaDB. Numbers from 5027 on may be a
    // server's. ProxySQL's are those from 9000 on.
    const bool loss = is_between(code, 2000, 2999) || is_between(code, 5000, 5026) ||
                      is_between(code, 9000, 9999);
    return loss ? lost : other;
}

bool is_of_read_only_server(const Error& error) {
    return error.kind() == lost &&
           (error.code() == kOptionPrevents || error.code() == kReadOnlyMode ||
            error.code() == kReadOnlyTransaction);
}

bool is_of_outdated_system_tables(int code) {
    const auto* const known = find_known_error(code, {});
    return known != nullptr && known->what == kSystemTables;
}

bool ends_connection(int code) {
    const auto* const known = find_known_error(code, {});
    return known != nullptr && (known->kind == too_large || known->what == kOtherSchema);
}

Error counted_error(unsigned code, const char* message) {
    const int number = static_cast<int>(code);
    const auto kind = kind_of(number, message);
    count_error(kind);
    return {kind, number, message};
}

}  // namespace livechat::db
