#include "db/connection.hpp"

#include <cppconn/connection.h>
#include <cppconn/driver.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <mysql_driver.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <mutex>
#include <tuple>

#include "db/figures.hpp"
#include "db/statement_timer.hpp"

namespace livechat::db {
namespace {

// The library keeps its drivers in a map without a lock: two threads that ask for the first time at
// once crash in it.
sql::mysql::MySQL_Driver& driver() {
    static sql::mysql::MySQL_Driver* const instance = sql::mysql::get_driver_instance();
    return *instance;
}

// Error numbers of the server and of the client library that mean: there is no database to talk to.
bool is_loss(int code) {
    constexpr int kFirstClientError = 2000;
    constexpr int kLastClientError = 2999;
    if (code >= kFirstClientError && code <= kLastClientError) return true;
    constexpr std::array kServer{
        1021, 1114,                    // the disk is full, or the table
        1040,                          // too many connections
        1053,                          // server shutdown in progress
        1080,                          // forced close
        1152, 1158, 1159, 1160, 1161,  // aborted, or cannot read or write the packets
        1184,                          // new aborted connection
        1243,                          // the prepared statement is gone
        1317,                          // interrupted: MySQL shuts down, or ends the connection
        1290,                          // the server is read-only
        1615,                          // the prepared statement must be prepared again
        1836,                          // read-only mode
        1927,                          // connection was killed
    };
    return std::ranges::find(kServer, code) != kServer.end();
}

ErrorKind kind_of(int code) {
    constexpr int kDuplicate = 1062;
    constexpr int kLockWaitTimeout = 1205;
    constexpr int kDeadlock = 1213;
    constexpr int kNoWait = 3572;  // MySQL's answer to NOWAIT; MariaDB's is the timeout
    if (code == kDuplicate) return ErrorKind::duplicate;
    if (code == kDeadlock) return ErrorKind::deadlock;
    if (code == kLockWaitTimeout || code == kNoWait) return ErrorKind::locked;
    return is_loss(code) ? ErrorKind::lost : ErrorKind::other;
}

Error translate(const sql::SQLException& error) {
    const auto kind = kind_of(error.getErrorCode());
    count_error(kind);
    return {kind, error.getErrorCode(), error.what()};
}

// Runs `call`, and throws what Connector/C++ throws as an Error.
template <class Call>
auto translated(Call call) {
    try {
        return call();
    } catch (const sql::SQLException& error) {
        throw translate(error);
    }
}

// version: as the server says it: "10.11.6-MariaDB-0+deb12u1", "8.0.36", "5.6.24".
bool knows_skip_locked(const std::string& version) {
    int major = 0;
    int minor = 0;
    int patch = 0;
    if (std::sscanf(version.c_str(), "%d.%d.%d", &major, &minor, &patch) != 3) return false;
    const std::tuple number(major, minor, patch);
    const bool mariadb = version.find("MariaDB") != std::string::npos;
    return number >= (mariadb ? std::tuple(10, 6, 0) : std::tuple(8, 0, 1));
}

sql::ConnectOptionsMap options_of(const DatabaseConfig& config) {
    sql::ConnectOptionsMap options;
    if (config.host.empty()) {
        options["hostName"] = sql::SQLString("unix://" + config.socket);
    } else {
        options["hostName"] =
            sql::SQLString("tcp://" + config.host + ":" + std::to_string(config.port));
    }
    options["userName"] = sql::SQLString(config.user);
    options["password"] = sql::SQLString(config.password);
    if (!config.name.empty()) options["schema"] = sql::SQLString(config.name);
    options["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
    options["OPT_CONNECT_TIMEOUT"] = static_cast<int>(config.connect_timeout.count());
    options["OPT_READ_TIMEOUT"] = static_cast<int>(config.read_timeout.count());
    options["OPT_WRITE_TIMEOUT"] = static_cast<int>(config.read_timeout.count());
    options["CLIENT_FOUND_ROWS"] = true;
    return options;
}

void bind(sql::PreparedStatement& statement, std::span<const Value> values) {
    unsigned index = 0;
    for (const Value& value : values) {
        ++index;
        if (const auto* text = std::get_if<std::string_view>(&value)) {
            statement.setString(index, sql::SQLString(text->data(), text->size()));
        } else if (const auto* number = std::get_if<std::uint64_t>(&value)) {
            statement.setUInt64(index, *number);
        } else {
            statement.setNull(index, 0);
        }
    }
}

}  // namespace

Rows::Rows(std::unique_ptr<sql::ResultSet> rows) : rows_(std::move(rows)) {}
Rows::Rows(Rows&&) noexcept = default;
Rows::~Rows() = default;

bool Rows::next() {
    return translated([&] { return rows_->next(); });
}

bool Rows::is_null(unsigned column) const {
    return translated([&] { return rows_->isNull(column); });
}

std::uint64_t Rows::integer(unsigned column) const {
    return translated([&] { return rows_->getUInt64(column); });
}

std::string Rows::text(unsigned column) const {
    return translated([&] {
        const sql::SQLString text = rows_->getString(column);
        return std::string(text.c_str(), text.length());
    });
}

std::optional<std::string> Rows::optional_text(unsigned column) const {
    if (is_null(column)) return std::nullopt;
    return text(column);
}

std::string Rows::time(unsigned column) const {
    constexpr std::size_t kMilliseconds = 23;  // "2025-03-10 12:00:00.000", what follows are zeros
    auto time = text(column);
    if (time.size() == 19) time += ".000";
    time.resize(kMilliseconds, '0');
    time[10] = 'T';
    time += 'Z';
    return time;
}

Connection::Connection(DatabaseConfig config) : config_(std::move(config)) {}
Connection::~Connection() { disconnect(); }

void Connection::connect() {
    // The driver's connect() is not safe for several threads at once.
    static std::mutex connecting;
    const std::lock_guard lock(connecting);
    try {
        auto options = options_of(config_);
        connection_.reset(driver().connect(options));
        ++figures().connects;
        run("SET SESSION time_zone = '+00:00', sql_mode = "
            "'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'");
        const auto patience = std::to_string(config_.lock_timeout.count());
        run("SET SESSION innodb_lock_wait_timeout = " + patience);
        const std::unique_ptr<sql::Statement> statement(connection_->createStatement());
        const std::unique_ptr<sql::ResultSet> version(statement->executeQuery("SELECT VERSION()"));
        can_skip_locked_ = version->next() && knows_skip_locked(version->getString(1));
    } catch (const sql::SQLException& error) {
        disconnect();
        // Whatever the reason, there is no connection: a wrong password may be put right at any
        // time.
        count_error(ErrorKind::lost);
        throw Error(ErrorKind::lost, error.getErrorCode(), error.what());
    } catch (const Error&) {
        disconnect();
        throw;
    }
}

void Connection::disconnect() noexcept {
    statements_.clear();
    connection_.reset();
}

sql::PreparedStatement& Connection::prepare(std::string_view sql, std::span<const Value> values) {
    if (!connection_) connect();
    auto& statement = statements_[std::string(sql)];
    if (!statement) {
        statement.reset(connection_->prepareStatement(sql::SQLString(sql.data(), sql.size())));
    }
    bind(*statement, values);
    return *statement;
}

Rows Connection::query(std::string_view sql, std::span<const Value> values) {
    const StatementTimer timer;
    try {
        return Rows(std::unique_ptr<sql::ResultSet>(prepare(sql, values).executeQuery()));
    } catch (const sql::SQLException& error) {
        const auto translation = translate(error);
        if (translation.kind() == ErrorKind::lost) disconnect();
        throw translation;
    }
}

std::uint64_t Connection::execute(std::string_view sql, std::span<const Value> values) {
    const StatementTimer timer;
    try {
        return static_cast<std::uint64_t>(prepare(sql, values).executeUpdate());
    } catch (const sql::SQLException& error) {
        const auto translation = translate(error);
        if (translation.kind() == ErrorKind::lost) disconnect();
        throw translation;
    }
}

int Connection::refusal(std::string_view sql) {
    if (!connection_) connect();
    const StatementTimer timer;
    try {
        const std::unique_ptr<sql::Statement> statement(connection_->createStatement());
        statement->execute(sql::SQLString(sql.data(), sql.size()));
        return 0;
    } catch (const sql::SQLException& error) {
        if (kind_of(error.getErrorCode()) != ErrorKind::lost) return error.getErrorCode();
        disconnect();
        throw translate(error);
    }
}

bool Connection::can_skip_locked() {
    if (!connection_) connect();
    return can_skip_locked_;
}

void Connection::run(std::string_view sql) {
    if (!connection_) connect();
    const StatementTimer timer;
    try {
        const std::unique_ptr<sql::Statement> statement(connection_->createStatement());
        statement->execute(sql::SQLString(sql.data(), sql.size()));
    } catch (const sql::SQLException& error) {
        const auto translation = translate(error);
        if (translation.kind() == ErrorKind::lost) disconnect();
        throw translation;
    }
}

Transaction::Transaction(Connection& connection) : connection_(connection) {
    connection_.run("START TRANSACTION");
}

Transaction::~Transaction() {
    if (!open_ || !connection_.connection_) return;
    try {
        connection_.run("ROLLBACK");
    } catch (const Error&) {
        connection_.disconnect();  // the server rolls back what has no connection any more
    }
}

void Transaction::commit() {
    open_ = false;
    try {
        connection_.run("COMMIT");
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::lost) throw;
        throw Error(ErrorKind::in_doubt, error.code(), error.what());
    }
}

ThreadScope::ThreadScope() { driver().threadInit(); }
ThreadScope::~ThreadScope() { driver().threadEnd(); }

std::string placeholders(std::size_t rows, std::size_t columns) {
    std::string group = "(";
    for (std::size_t i = 0; i < columns; ++i) group += i == 0 ? "?" : ",?";
    group += ')';
    std::string all;
    all.reserve(rows * (group.size() + 1));
    for (std::size_t i = 0; i < rows; ++i) {
        if (i > 0) all += ',';
        all += group;
    }
    return all;
}

std::vector<Value> in_list(std::vector<Value> values) {
    if (!values.empty()) values.resize(std::bit_ceil(values.size()), values.back());
    return values;
}

}  // namespace livechat::db
