// A connection to MySQL or MariaDB, over MariaDB's client library.
//
// It connects at the first statement and again after a loss, so that a program may outlive its
// database. Statements are prepared once for each connection and kept. Everything throws db::Error;
// after one of kind `lost` the next statement connects anew. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/config.hpp"
#include "db/error.hpp"
#include "db/rows.hpp"
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

    // Gives the connection up; the next statement connects anew.
    void disconnect() noexcept;

  private:
    friend class Transaction;

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
    // Runs `call` on a connection, which is given up when that turns out to be lost.
    template <class Call>
    auto on_server(Call call);
    std::shared_ptr<Statement> prepared(std::string_view sql);

    DatabaseConfig config_;
    std::unique_ptr<st_mysql, Close> connection_;
    bool can_skip_locked_ = false;
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
