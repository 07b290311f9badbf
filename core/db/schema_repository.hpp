// The schema itself: which migrations a database has, and what is there of it (tables, procedures).
// For migrations and checks; the programs take the schema as it is. Throws db::Error.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"

namespace livechat::db {

class SchemaRepository {
  public:
    explicit SchemaRepository(Connection& connection) : connection_(connection) {}

    // Version -> when it was applied, "2025-03-10 12:00:00" UTC. Empty where nothing was.
    std::map<unsigned, std::string> applied();

    // False: another session held it for this long. The connection holds it until it ends.
    bool take_migration_lock(std::chrono::seconds patience);

    // The table that `applied` reads.
    void prepare();
    void record(unsigned version, std::string_view name);

    // How many statements of a migration that stopped in the middle took effect; none: it never
    // began. The table that says so is there only between a migration's begin and success.
    std::optional<std::size_t> progress(unsigned version);
    void note_progress(unsigned version, std::size_t statements);
    void forget_progress();

    // Names in the connection's database. An account sees the procedures and functions that it may
    // call.
    std::set<std::string> tables();
    std::set<std::string> routines();

    // "10.11.6-MariaDB-0+deb12u1"
    std::string version();
    // What the server calls the account that we are: "livechat@localhost".
    std::string account();
    // The account's rights, as SHOW GRANTS says them.
    std::vector<std::string> grants();
    // The server's clock, seconds since 1970.
    std::uint64_t unix_time();
    // A variable of the server ("max_allowed_packet"); none: it has no such.
    std::optional<std::string> variable(std::string_view name);
    // All of them, as sessions get them.
    Variables variables();
    // How many connections the account may have at once; 0: as many as the server takes.
    std::uint64_t account_connections();
    // Bytes of the database's tables and indexes, as far as the server knows.
    std::uint64_t bytes();

  private:
    std::set<std::string> names(std::string_view sql);

    Connection& connection_;
};

}  // namespace livechat::db
