#include "db/connection.hpp"

#include <mysql.h>

#include <chrono>
#include <new>

#include "db/error_codes.hpp"
#include "db/figures.hpp"
#include "db/server_version.hpp"
#include "db/statement.hpp"
#include "db/statement_timer.hpp"

namespace livechat::db {
namespace {

void set_timeout(MYSQL& connection, mysql_option option, std::chrono::seconds time) {
    const auto seconds = static_cast<unsigned>(time.count());
    mysql_options(&connection, option, &seconds);
}

void set_options(MYSQL& connection, const DatabaseConfig& config) {
    const unsigned protocol = config.host.empty() ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
    mysql_options(&connection, MYSQL_OPT_PROTOCOL, &protocol);
    mysql_options(&connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    // No server may ask for a file of ours.
    const unsigned local_infile = 0;
    mysql_options(&connection, MYSQL_OPT_LOCAL_INFILE, &local_infile);
    set_timeout(connection, MYSQL_OPT_CONNECT_TIMEOUT, config.connect_timeout);
    set_timeout(connection, MYSQL_OPT_READ_TIMEOUT, config.read_timeout);
    set_timeout(connection, MYSQL_OPT_WRITE_TIMEOUT, config.read_timeout);
}

const char* text_or_none(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

}  // namespace

void Connection::Close::operator()(st_mysql* connection) const noexcept { mysql_close(connection); }

Connection::Connection(DatabaseConfig config) : config_(std::move(config)) {}
Connection::~Connection() { disconnect(); }

void Connection::connect() {
    connection_.reset(mysql_init(nullptr));
    if (!connection_) throw std::bad_alloc();
    set_options(*connection_, config_);
    // An UPDATE then counts the rows that it matched, not only those that it changed.
    constexpr unsigned long kFlags = CLIENT_FOUND_ROWS;
    if (!mysql_real_connect(connection_.get(), text_or_none(config_.host), config_.user.c_str(),
                            config_.password.c_str(), text_or_none(config_.name), config_.port,
                            text_or_none(config_.socket), kFlags)) {
        // Whatever the reason, there is no connection: a wrong password may be put right at any
        // time.
        const Error error(ErrorKind::lost, static_cast<int>(mysql_errno(connection_.get())),
                          mysql_error(connection_.get()));
        count_error(ErrorKind::lost);
        disconnect();
        throw error;
    }
    ++figures().connects;
    can_skip_locked_ = knows_skip_locked(mysql_get_server_info(connection_.get()));
    try {
        run("SET SESSION time_zone = '+00:00',"
            " sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',"
            " innodb_lock_wait_timeout = " +
            std::to_string(config_.lock_timeout.count()));
    } catch (const Error&) {
        disconnect();
        throw;
    }
}

void Connection::disconnect() noexcept {
    connection_.reset();
    // Only now, so that not each of them is closed at the server by itself.
    statements_.clear();
    done_once_.clear();
}

template <class Call>
auto Connection::on_server(Call call) {
    const StatementTimer timer;
    if (!connection_) connect();
    try {
        return call();
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::lost) disconnect();
        throw;
    }
}

std::shared_ptr<Statement> Connection::prepared(std::string_view sql) {
    auto kept = statements_.find(sql);
    // Somebody may still be reading the rows of its last time.
    if (kept != statements_.end() && kept->second.use_count() == 1) return kept->second;
    auto statement = std::make_shared<Statement>(*connection_, sql);
    if (kept == statements_.end()) {
        statements_.emplace(sql, statement);
    } else {
        kept->second = statement;
    }
    return statement;
}

Rows Connection::query(std::string_view sql, std::span<const Value> values) {
    return on_server([&] {
        auto statement = prepared(sql);
        statement->execute(values);
        return Rows(std::move(statement));
    });
}

std::uint64_t Connection::execute(std::string_view sql, std::span<const Value> values) {
    return on_server([&] {
        const auto statement = prepared(sql);
        statement->execute(values);
        return statement->matched();
    });
}

void Connection::run(std::string_view sql) {
    on_server([&] {
        MYSQL* const connection = connection_.get();
        const auto check = [&](bool failed) {
            if (failed) throw counted_error(mysql_errno(connection), mysql_error(connection));
        };
        check(mysql_real_query(connection, sql.data(), sql.size()) != 0);
        // A procedure answers more than once.
        do {
            mysql_free_result(mysql_store_result(connection));
            check(mysql_errno(connection) != 0);
        } while (mysql_next_result(connection) == 0);
        check(mysql_errno(connection) != 0);
    });
}

void Connection::once(std::string_view sql) {
    if (done_once_.find(sql) != done_once_.end()) return;
    run(sql);
    done_once_.emplace(sql);
}

bool Connection::can_skip_locked() {
    if (!connection_) connect();
    return can_skip_locked_;
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

}  // namespace livechat::db
