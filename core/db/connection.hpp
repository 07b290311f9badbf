// A connection to MySQL or MariaDB, and the only place that includes Connector/C++.
//
// It connects at the first statement and again after a loss, so that a program may outlive its
// database. Statements are prepared once for each connection and kept. Everything throws db::Error;
// after one of kind `lost` the next statement connects anew. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/config.hpp"
#include "db/error.hpp"

namespace sql {
class Connection;
class PreparedStatement;
class ResultSet;
}  // namespace sql

namespace livechat::db {

// A value for one placeholder. Text is sent as the bytes it holds; the caller keeps it alive until
// the call returns.
using Value = std::variant<std::monostate, std::uint64_t, std::string_view>;

inline Value value_or_null(const std::optional<std::string>& text) {
    return text ? Value(std::string_view(*text)) : Value();
}

// The rows of a query, all of them already here. Columns count from 1.
class Rows {
  public:
    explicit Rows(std::unique_ptr<sql::ResultSet> rows);
    Rows(Rows&&) noexcept;
    ~Rows();

    bool next();
    bool is_null(unsigned column) const;
    std::uint64_t integer(unsigned column) const;
    std::string text(unsigned column) const;
    std::optional<std::string> optional_text(unsigned column) const;
    // A DATETIME(3) in UTC as RFC 3339: "2025-03-10T12:00:00.000Z".
    std::string time(unsigned column) const;

  private:
    std::unique_ptr<sql::ResultSet> rows_;
};

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

    // Runs a statement that is meant to be refused and gives the server's error number; 0: it was
    // not. Counts as no error. Throws only when the database is lost.
    int refusal(std::string_view sql);

    // One statement as text, for what cannot be prepared (CREATE TRIGGER, GRANT, SET). Rows that it
    // answers are not looked at.
    void run(std::string_view sql);

    // Whether the server knows SELECT … FOR UPDATE SKIP LOCKED and NOWAIT (MariaDB 10.6,
    // MySQL 8.0.1).
    bool can_skip_locked();

    // Gives the connection up; the next statement connects anew.
    void disconnect() noexcept;

  private:
    friend class Transaction;

    void connect();
    sql::PreparedStatement& prepare(std::string_view sql, std::span<const Value> values);

    DatabaseConfig config_;
    std::unique_ptr<sql::Connection> connection_;
    bool can_skip_locked_ = false;
    std::unordered_map<std::string, std::unique_ptr<sql::PreparedStatement>> statements_;
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

// What Connector/C++ wants around the database calls of every thread but the first
// (mysql_thread_init).
class ThreadScope {
  public:
    ThreadScope();
    ~ThreadScope();
    ThreadScope(const ThreadScope&) = delete;
    ThreadScope& operator=(const ThreadScope&) = delete;
};

// "(?,?),(?,?)": `rows` groups of `columns` placeholders.
std::string placeholders(std::size_t rows, std::size_t columns);

// The values of an IN list, the last one repeated up to the next power of two. Lists of any length
// so make do with a few statements, which stay prepared.
std::vector<Value> in_list(std::vector<Value> values);

}  // namespace livechat::db
