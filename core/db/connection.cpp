#include "db/connection.hpp"

#include <mysql.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <new>

#include "db/error_codes.hpp"
#include "db/figures.hpp"
#include "db/server_version.hpp"
#include "db/statement.hpp"
#include "db/statement_timer.hpp"

namespace livechat::db {
namespace {

constexpr std::chrono::seconds kLookEvery{2};
constexpr std::chrono::seconds kPatience{3};

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

// A connection that a firewall has forgotten ends after seconds, also while nothing is asked.
void watch_tcp(int socket) {
    const auto set = [socket](int level, int option, int value) {
        setsockopt(socket, level, option, &value, sizeof value);
    };
    constexpr int kUnanswered = 10'000;  // milliseconds
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, kUnanswered);
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, 15);
    set(IPPROTO_TCP, TCP_KEEPINTVL, 5);
    set(IPPROTO_TCP, TCP_KEEPCNT, 3);
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

std::string value_of(const Variables& variables, std::string_view name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
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
    if (!config_.host.empty()) watch_tcp(mysql_get_socket(connection_.get()));
    try {
        set_up_session();
    } catch (const Error&) {
        disconnect();
        throw;
    }
}

void Connection::set_up_session() {
    send(set_statement(settings_before_question()));
    const auto settings = session_settings(config_.lock_timeout);
    const auto shown = variables(
        settings_question(settings, {"hostname", "port", "server_id", "max_allowed_packet"}));
    change_settings(settings_to_change(settings, shown));
    const auto packet = value_of(shown, "max_allowed_packet");
    std::from_chars(packet.data(), packet.data() + packet.size(), max_packet_);
    auto& servers = figures().servers;
    looked_at_ = Clock::now();
    servers.connected(server_identity(value_of(shown, "hostname"), value_of(shown, "port"),
                                      value_of(shown, "server_id")),
                      looked_at_);
    generation_ = servers.generation();
}

// All at once; where the server refuses that, each by itself, to learn which it is.
void Connection::change_settings(const std::vector<SessionSetting>& changes) {
    refused_settings_.clear();
    try {
        return send(set_statement(changes));
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::lost) throw;
    }
    send(set_statement({}));
    for (const auto& change : changes) {
        try {
            send(set_statement({change}));
        } catch (const Error& error) {
            if (change.vital || error.kind() == ErrorKind::lost) throw;
            refused_settings_.push_back(std::string(change.name) + " = " + change.value);
        }
    }
}

void Connection::disconnect() noexcept {
    in_transaction_ = false;
    connection_.reset();
    // Only now, so that not each of them is closed at the server by itself.
    statements_.clear();
    done_once_.clear();
}

// Whether the connection may be used: it is still there, and leads to the server that the program
// is at. Never gives one up that a transaction or rows in use depend on.
bool Connection::is_current() {
    if (in_transaction_ || stays_) return true;
    const auto now = Clock::now();
    const bool renewed = figures().servers.generation() != generation_;
    if (!renewed && now - looked_at_ < kLookEvery) return true;
    const bool being_read = std::ranges::any_of(
        statements_, [](const auto& statement) { return statement.second.use_count() > 1; });
    if (being_read) return true;
    looked_at_ = now;
    return !renewed && answers_and_takes_writes();
}

bool Connection::answers_and_takes_writes() {
    const auto answer =
        ask("SELECT @@hostname, @@port, @@global.server_id, @@global.read_only, @@innodb_read_only",
            kPatience);
    if (!answer) return false;
    const auto is_off = [](const std::string& value) { return value == "0" || value == "OFF"; };
    auto& servers = figures().servers;
    servers.in_use(server_identity((*answer)[0], (*answer)[1], (*answer)[2]), looked_at_);
    if (is_off((*answer)[3]) && is_off((*answer)[4])) return true;
    servers.leave(looked_at_);
    return servers.generation() == generation_;
}

std::optional<std::vector<std::string>> Connection::ask(std::string_view sql,
                                                        Clock::duration patience) {
    MYSQL* const connection = connection_.get();
    if (mysql_send_query(connection, sql.data(), sql.size()) != 0) return std::nullopt;
    pollfd waiting{mysql_get_socket(connection), POLLIN, 0};
    const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(patience);
    if (poll(&waiting, 1, static_cast<int>(time.count())) <= 0) return std::nullopt;
    if (mysql_read_query_result(connection) != 0) return std::nullopt;
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> result(
        mysql_store_result(connection), &mysql_free_result);
    const auto row = result ? mysql_fetch_row(result.get()) : nullptr;
    if (!row) return std::nullopt;
    std::vector<std::string> values;
    for (unsigned i = 0; i < mysql_num_fields(result.get()); ++i) {
        values.emplace_back(row[i] ? row[i] : "");
    }
    return values;
}

Variables Connection::variables(std::string_view question) {
    MYSQL* const connection = connection_.get();
    const auto fail = [connection] {
        throw counted_error(mysql_errno(connection), mysql_error(connection));
    };
    if (mysql_real_query(connection, question.data(), question.size()) != 0) fail();
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> result(
        mysql_store_result(connection), &mysql_free_result);
    if (!result) fail();
    Variables variables;
    while (const auto row = mysql_fetch_row(result.get())) {
        if (row[0] && row[1]) variables.emplace(lower(row[0]), row[1]);
    }
    return variables;
}

template <class Call>
auto Connection::on_server(Call call) {
    const StatementTimer timer;
    if (connection_ && !is_current()) disconnect();
    if (!connection_) connect();
    try {
        return call();
    } catch (const Error& error) {
        // Others may be at the same server, and would only find out when they write.
        if (is_of_read_only_server(error)) figures().servers.leave(Clock::now());
        if (error.kind() == ErrorKind::lost || ends_connection(error.code())) disconnect();
        throw;
    }
}

std::shared_ptr<Statement> Connection::prepared(std::string_view sql) {
    auto kept = statements_.find(sql);
    // The rows of its last execution may still be being read.
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
    on_server([&] { send(sql); });
}

void Connection::send(std::string_view sql) {
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

std::size_t Connection::max_packet() {
    if (!connection_) connect();
    return max_packet_;
}

const std::vector<std::string>& Connection::refused_settings() {
    if (!connection_) connect();
    return refused_settings_;
}

Transaction::Transaction(Connection& connection) : connection_(connection) {
    connection_.run("START TRANSACTION");
    connection_.in_transaction_ = true;
}

Transaction::~Transaction() {
    if (!open_ || !connection_.connection_) return;
    try {
        connection_.run("ROLLBACK");
        connection_.in_transaction_ = false;
    } catch (const Error&) {
        connection_.disconnect();  // the server rolls back what has no connection any more
    }
}

void Transaction::commit() {
    open_ = false;
    try {
        connection_.run("COMMIT");
        connection_.in_transaction_ = false;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::deadlock) {
            connection_.in_transaction_ = false;  // the server has rolled it back
        } else {
            connection_.disconnect();
        }
        if (error.kind() != ErrorKind::lost) throw;
        throw Error(ErrorKind::in_doubt, error.code(), error.what());
    }
}

}  // namespace livechat::db
