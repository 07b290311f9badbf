// A connection to MySQL or MariaDB, over MariaDB's client library.
//
// It connects at the first statement and again after a loss, so that a program may outlive its
// database. Its session is what core/db/session_settings says, whatever the server's defaults are.
// Statements are prepared once for each connection and kept. Everything throws db::Error; after one
// of kind `lost` the next statement connects again. One thread at a time.
//
// Between transactions it looks every two seconds, before it is used, whether its server is still
// there and takes writes, and reconnects when it is not, or when another connection of the program
// has found out that the server changed (core/db/known_servers): after a failover none may go on
// reading the old one, and a connection that a firewall has forgotten must cost seconds only.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/config.hpp"
#include "db/error.hpp"
#include "db/rows.hpp"
#include "db/session_settings.hpp"
#include "db/value.hpp"

// The client library's own, so that only core/db includes its headers.
struct st_mysql;

namespace livechat::db {

class Connection {
  public:
    // config.name empty: no database is chosen.
    explicit Connection(DatabaseConfig config);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // The text is also the key under which the prepared statement is kept: never put a value into
    // it.
    Rows query(std::string_view sql, std::span<const Value> values);
    Rows query(std::string_view sql, std::initializer_list<Value> values = {}) {
        return query(sql, std::span(values.begin(), values.size()));
    }

    // Returns how many rows the statement matched (not: how many it changed).
    std::uint64_t execute(std::string_view sql, std::span<const Value> values);
    std::uint64_t execute(std::string_view sql, std::initializer_list<Value> values = {}) {
        return execute(sql, std::span(values.begin(), values.size()));
    }

    // One statement as text, for what cannot be prepared (CREATE TRIGGER, GRANT, SET). Rows that it
    // answers are not looked at.
    void run(std::string_view sql);

    // Runs a statement as run() does, but only the first time on each physical connection: for what
    // the server keeps for as long as that lasts (SET).
    void once(std::string_view sql);

    // Whether the server knows SELECT … FOR UPDATE SKIP LOCKED and NOWAIT (MariaDB 10.6,
    // MySQL 8.0.1).
    bool can_skip_locked();

    // The longest statement that the server takes, in bytes.
    std::size_t max_packet();

    // Of the session's settings, those that the server did not let us change: "NAME = VALUE".
    const std::vector<std::string>& refused_settings();

    // From now on it is not given up between statements, because the server keeps something for
    // it: a named lock, locked tables.
    void stay() { stays_ = true; }

    // Gives the connection up; the next statement connects again.
    void disconnect() noexcept;

  private:
    friend class Transaction;
    using Clock = std::chrono::steady_clock;

    struct Close {
        void operator()(st_mysql* connection) const noexcept;
    };
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };

    void connect();
    void set_up_session();
    void change_settings(const std::vector<SessionSetting>& changes);
    // The first row of a question that takes no longer than `patience`; none: no answer.
    std::optional<std::vector<std::string>> ask(std::string_view sql, Clock::duration patience);
    Variables variables(std::string_view question);
    void send(std::string_view sql);
    bool is_current();
    bool answers_and_takes_writes();
    // Runs `call` on a connection, which is given up when that turns out to be lost.
    template <class Call>
    auto on_server(Call call);
    std::shared_ptr<Statement> prepared(std::string_view sql);

    DatabaseConfig config_;
    std::unique_ptr<st_mysql, Close> connection_;
    bool can_skip_locked_ = false;
    std::size_t max_packet_ = 0;
    std::vector<std::string> refused_settings_;
    Clock::time_point looked_at_;   // the server, by us
    std::uint64_t generation_ = 0;  // of KnownServers, when it was connected
    bool in_transaction_ = false;
    bool stays_ = false;
    std::unordered_map<std::string, std::shared_ptr<Statement>, TextHash, std::equal_to<>>
        statements_;
    std::set<std::string, std::less<>> done_once_;
};

// BEGIN … COMMIT. Rolls back when it goes out of scope uncommitted.
class Transaction {
  public:
    explicit Transaction(Connection& connection);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    // An Error of kind in_doubt leaves open whether it happened.
    void commit();

  private:
    Connection& connection_;
    bool open_ = true;
};

}  // namespace livechat::db
