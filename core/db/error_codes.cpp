#include "db/error_codes.hpp"

#include <errmsg.h>
#include <mysqld_error.h>

#include <algorithm>
#include <array>

#include "db/statement_timer.hpp"

namespace livechat::db {
namespace {

using enum ErrorKind;

// Of MySQL alone, or of both in another header.
constexpr int kCannotWriteFile = 3;        // EE_WRITE of mysys
constexpr int kMySqlColumnCount = 1547;    // ER_COL_COUNT_DOESNT_MATCH_CORRUPTED
constexpr int kMySqlCannotLoad = 1548;     // ER_CANNOT_LOAD_FROM_TABLE
constexpr int kMySqlQueryTimeout = 3024;   // ER_QUERY_TIMEOUT
constexpr int kMySqlBeforeDml = 3098;      // ER_BEFORE_DML_VALIDATION_ERROR
constexpr int kMySqlHook = 3100;           // ER_RUN_HOOK_ERROR
constexpr int kMySqlGroupRollback = 3101;  // ER_TRANSACTION_ROLLBACK_DURING_COMMIT
constexpr int kMySqlAccountLocked = 3118;  // ER_ACCOUNT_HAS_BEEN_LOCKED
constexpr int kMySqlNoWait = 3572;         // ER_LOCK_NOWAIT
constexpr int kMySqlIdle = 4031;           // ER_CLIENT_INTERACTION_TIMEOUT

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
    KnownError{ER_DUP_ENTRY, duplicate, {}, {}},

    // Rolled back because of others: the same again may succeed.
    KnownError{
        ER_CHECKREAD, deadlock, "another transaction changed a row that this one had read", {}},
    KnownError{ER_LOCK_DEADLOCK, deadlock, {}, {}},
    KnownError{ER_XA_RBDEADLOCK, deadlock, {}, {}},
    KnownError{kMySqlGroupRollback, deadlock, {}, {}},  // group replication, at COMMIT

    KnownError{ER_LOCK_WAIT_TIMEOUT, locked,
               "another transaction holds the conversation, or a table, for longer than "
               "database.lock_timeout_s",
               "end it (SHOW FULL PROCESSLIST shows it), or wait for the backup that locks tables"},
    KnownError{ER_LOCK_ABORTED, locked, {}, {}},
    KnownError{kMySqlNoWait, locked, {}, {}},  // MySQL's answer to NOWAIT; MariaDB's is 1205

    KnownError{ER_ERROR_DURING_COMMIT, in_doubt, "the database server failed during a COMMIT",
               "look into the log of the database server"},
    KnownError{ER_PRIOR_COMMIT_FAILED, in_doubt, {}, {}},

    KnownError{ER_NET_PACKET_TOO_LARGE, too_large,
               "the database server's max_allowed_packet is too small", "raise it to 16M"},
    KnownError{CR_NET_PACKET_TOO_LARGE, too_large,
               "the database server's max_allowed_packet is too small", "raise it to 16M"},
    KnownError{ER_WARN_ALLOWED_PACKET_OVERFLOWED, too_large,
               "the database server's max_allowed_packet is too small", "raise it to 16M"},

    // There is a server, and it does not do what we need: it may in a moment, or after someone has
    // helped. Another connection may fare better.
    KnownError{kCannotWriteFile, lost, kFull, kMakeRoom,
               Cause::full_disk},  // a temporary file cannot be written
    KnownError{ER_DISK_FULL, lost, kFull, kMakeRoom, Cause::full_disk},
    KnownError{ER_ERROR_ON_WRITE, lost, kFull, kMakeRoom, Cause::full_disk},
    KnownError{ER_RECORD_FILE_FULL, lost, kFull, kMakeRoom, Cause::full_disk},
    KnownError{ER_TEMP_FILE_WRITE_FAILURE, lost, kFull, kMakeRoom, Cause::full_disk},
    KnownError{ER_OUTOFMEMORY, lost, kNoMemory, kGiveMore},
    KnownError{ER_OUT_OF_SORTMEMORY, lost, kNoMemory, kGiveMore},
    KnownError{ER_OUT_OF_RESOURCES, lost, kNoMemory, kGiveMore},
    KnownError{ER_CANT_CREATE_THREAD, lost, kNoMemory, kGiveMore},  // cannot make a thread
    KnownError{ER_LOCK_TABLE_FULL, lost, kNoMemory, kGiveMore},     // the table of locks is full
    KnownError{ER_STACK_OVERRUN_NEED_MORE, lost, kNoMemory, "raise thread_stack there"},
    KnownError{ER_TOO_MANY_CONCURRENT_TRXS, lost, "the database server has too many transactions",
               "wait for some to end"},
    KnownError{ER_CON_COUNT_ERROR, lost, kTooMany,
               "raise max_connections there, or start fewer workers"},
    KnownError{ER_TOO_MANY_USER_CONNECTIONS, lost, kTooManyOfAccount, kAccountLimit},
    KnownError{ER_USER_LIMIT_REACHED, lost, kTooManyOfAccount, kAccountLimit},
    KnownError{ER_MAX_PREPARED_STMT_COUNT_REACHED, lost,
               "the database server keeps as many prepared statements as it may",
               "raise max_prepared_stmt_count there"},
    KnownError{ER_HOST_IS_BLOCKED, lost,
               "the database server blocks this machine after failed connections",
               "run mariadb-admin flush-hosts there"},
    KnownError{ER_HOST_NOT_PRIVILEGED, lost,
               "the database server admits no connections from this machine",
               "make the account for this machine's name or address"},
    KnownError{ER_MUST_CHANGE_PASSWORD, lost, "the account's password has expired",
               "give it a new one"},
    KnownError{ER_MUST_CHANGE_PASSWORD_LOGIN, lost, "the account's password has expired",
               "give it a new one"},
    KnownError{ER_ACCOUNT_HAS_BEEN_LOCKED, lost, "the account is locked",
               "ALTER USER ... ACCOUNT UNLOCK"},
    KnownError{kMySqlAccountLocked, lost, "the account is locked", "ALTER USER ... ACCOUNT UNLOCK"},
    KnownError{ER_OPTION_PREVENTS_STATEMENT, lost, kReadOnly, kNameAnother},
    KnownError{ER_READ_ONLY_MODE, lost, kReadOnly, kNameAnother},
    KnownError{
        ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION, lost,
        "the database server makes transactions read-only",
        "set tx_read_only (transaction_read_only) = OFF there, or name the server that takes "
        "writes in [database]"},
    KnownError{ER_SERVER_OFFLINE_MODE, lost, "the database server is offline",
               "set offline_mode = OFF there"},
    KnownError{ER_BINLOG_STMT_MODE_AND_ROW_ENGINE, lost,
               "the binary log of the database server cannot take our transactions",
               "set binlog_format = ROW there"},
    KnownError{ER_BINLOG_LOGGING_IMPOSSIBLE, lost,
               "the binary log of the database server cannot be written", "look into its log"},
    KnownError{ER_GTID_UNSAFE_NON_TRANSACTIONAL_TABLE, lost,
               "the database server refuses the statement because of replication",
               "look into its log"},
    KnownError{ER_GTID_STRICT_OUT_OF_ORDER, lost,
               "the database server refuses the statement because of replication",
               "look into its log (gtid_strict_mode)"},
    KnownError{kMySqlBeforeDml, lost,
               "the database server refuses the statement because of replication",
               "look into its log"},
    KnownError{kMySqlHook, lost, kCluster, "look at the state of the group"},
    KnownError{ER_UNKNOWN_COM_ERROR, lost, kCluster, kLookAtCluster},
    KnownError{ER_UNKNOWN_ERROR, lost,
               "the database server, or a proxy in front of it, reports a failure",
               "look into its log"},
    KnownError{ER_STATEMENT_TIMEOUT, lost, kTimeLimit, kRaiseTime},
    KnownError{kMySqlQueryTimeout, lost, kTimeLimit, kRaiseTime},
    KnownError{ER_SERVER_SHUTDOWN, lost, {}, {}},  // shutdown in progress
    KnownError{ER_FORCING_CLOSE, lost, {}, {}},    // forced close
    KnownError{
        ER_ABORTING_CONNECTION, lost, {}, {}},  // aborted, or cannot read or write the packets
    KnownError{ER_NET_READ_ERROR, lost, {}, {}},
    KnownError{ER_NET_READ_INTERRUPTED, lost, {}, {}},
    KnownError{ER_NET_ERROR_ON_WRITE, lost, {}, {}},
    KnownError{ER_NET_WRITE_INTERRUPTED, lost, {}, {}},
    KnownError{ER_NEW_ABORTING_CONNECTION, lost, {}, {}},  // new aborted connection
    KnownError{ER_UNKNOWN_STMT_HANDLER, lost, {}, {}},     // the prepared statement is gone
    KnownError{ER_QUERY_INTERRUPTED,
               lost,
               {},
               {}},  // interrupted: MySQL shuts down, or ends the connection
    KnownError{ER_NEED_REPREPARE, lost, {}, {}},  // the prepared statement must be prepared again
    KnownError{ER_CONNECTION_KILLED, lost, {}, {}},  // connection was killed
    KnownError{kMySqlIdle, lost, {}, {}},            // MySQL 8: ended because it was idle

    // An administrator has to act; until then the same fails again.
    KnownError{ER_ACCESS_DENIED_ERROR, other, {}, {}, Cause::refused_account},
    KnownError{ER_ACCESS_DENIED_NO_PASSWORD_ERROR, other, {}, {}, Cause::refused_account},
    KnownError{ER_DBACCESS_DENIED_ERROR, other, {}, {}, Cause::no_database},
    KnownError{ER_BAD_DB_ERROR, other, {}, {}, Cause::no_database},
    KnownError{ER_TABLEACCESS_DENIED_ERROR, other, kNoRight, kDoctorNames, Cause::missing_right},
    KnownError{ER_COLUMNACCESS_DENIED_ERROR, other, kNoRight, kDoctorNames, Cause::missing_right},
    KnownError{ER_SPECIFIC_ACCESS_DENIED_ERROR, other, kNoRight, kDoctorNames,
               Cause::missing_right},
    KnownError{ER_PROCACCESS_DENIED_ERROR, other, kNoRight, kDoctorNames, Cause::missing_right},
    KnownError{
        ER_BINLOG_UNSAFE_ROUTINE, other,
        "the binary log is on, and the account may not make triggers then",
        "set log_bin_trust_function_creators = 1 on the server, or name an account with SUPER"},
    KnownError{
        ER_BINLOG_CREATE_ROUTINE_NEED_SUPER, other,
        "the binary log is on, and the account may not make triggers then",
        "set log_bin_trust_function_creators = 1 on the server, or name an account with SUPER"},
    KnownError{ER_BAD_FIELD_ERROR, other, kOtherSchema, kMigrateStatus, Cause::other_schema},
    KnownError{ER_NO_SUCH_TABLE, other, kOtherSchema, kMigrateStatus, Cause::other_schema},
    KnownError{ER_SP_DOES_NOT_EXIST, other, kOtherSchema, kMigrateStatus, Cause::other_schema},
    KnownError{ER_NO_SUCH_USER, other, "the account that ran the migrations is gone",
               "see \"Triggers or procedures are missing\" in operations.md"},
    KnownError{ER_SP_PROC_TABLE_CORRUPT, other, kSystemTables, kUpgrade,
               Cause::outdated_system_tables},
    KnownError{kMySqlColumnCount, other, kSystemTables, kUpgrade, Cause::outdated_system_tables},
    KnownError{kMySqlCannotLoad, other, kSystemTables, kUpgrade, Cause::outdated_system_tables},
    KnownError{ER_COL_COUNT_DOESNT_MATCH_PLEASE_UPDATE, other, kSystemTables, kUpgrade,
               Cause::outdated_system_tables},
    KnownError{ER_COL_COUNT_DOESNT_MATCH_CORRUPTED_V2, other, kSystemTables, kUpgrade,
               Cause::outdated_system_tables},
    KnownError{ER_TOO_BIG_ROWSIZE, other,
               "the database server's pages are too small for a row of ours",
               "use innodb_page_size = 16K"},
    KnownError{ER_UNKNOWN_STORAGE_ENGINE, other, "the database server has no InnoDB",
               "take InnoDB into use there"},
    KnownError{ER_CRASHED_ON_USAGE, other, kDamaged, kSeeServerLog},
    KnownError{ER_CRASHED_ON_REPAIR, other, kDamaged, kSeeServerLog},
    KnownError{ER_INDEX_CORRUPT, other, kDamaged, kSeeServerLog},
    KnownError{ER_TABLE_CORRUPT, other, kDamaged, kSeeServerLog},
    KnownError{ER_NO_SUCH_TABLE_IN_ENGINE, other, kDamaged, kSeeServerLog},
    KnownError{ER_AUTOINC_READ_FAILED, other, "the numbers of a table are used up",
               "see operations.md"},
    KnownError{ER_UPDATE_WITHOUT_KEY_IN_SAFE_MODE, other, "the session has sql_safe_updates",
               "take it out of init_connect"},
};

// 1290 names the option: --read-only, --super-read-only, --innodb-read-only, …
constexpr KnownError kOtherOption{ER_OPTION_PREVENTS_STATEMENT, other,
                                  "an option of the database server forbids the statement",
                                  "its message names the option: start the server without it"};

bool is_between(int code, int first, int last) { return code >= first && code <= last; }

bool names_read_only(std::string_view message) {
    return message.find("read-only") != std::string_view::npos ||
           message.find("read_only") != std::string_view::npos;
}

}  // namespace

const KnownError* find_known_error(int code, std::string_view message) {
    if (code == ER_OPTION_PREVENTS_STATEMENT && !message.empty() && !names_read_only(message)) {
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
           (error.code() == ER_OPTION_PREVENTS_STATEMENT || error.code() == ER_READ_ONLY_MODE ||
            error.code() == ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION);
}

Cause cause_of(int code) {
    const auto* const known = find_known_error(code, {});
    return known == nullptr ? Cause::unnamed : known->cause;
}

bool ends_connection(int code) {
    return kind_of(code) == too_large || cause_of(code) == Cause::other_schema;
}

bool is_made_or_gone_already(int code) {
    constexpr std::array kAlready{
        ER_TABLE_EXISTS_ERROR, ER_DUP_FIELDNAME,      ER_DUP_KEYNAME,      ER_SP_ALREADY_EXISTS,
        ER_TRG_ALREADY_EXISTS, ER_TRG_DOES_NOT_EXIST, ER_SP_DOES_NOT_EXIST};
    return std::ranges::find(kAlready, code) != kAlready.end();
}

bool is_of_proxy(int code) { return code == ER_UNKNOWN_ERROR; }

bool is_syntax_error(int code) { return code == ER_PARSE_ERROR; }

Error counted_error(unsigned code, const char* message) {
    const int number = static_cast<int>(code);
    const auto kind = kind_of(number, message);
    count_error(kind);
    return {kind, number, message};
}

}  // namespace livechat::db
