// Brings a database to the schema that this version needs: the migrations of a folder, each once,
// in order. Table schema_migration lists what was applied. MariaDB and MySQL 5.6 or newer.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "db/connection.hpp"
#include "schema/plan.hpp"

namespace livechat::admin {

// One sentence that says what to do.
struct MigrationError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The migrations of a folder, by version. MigrationError for a folder without any, for a file that
// is not a migration, and for two of one number.
std::vector<Migration> list_migrations(const std::filesystem::path& folder);

// The triggers and procedures ("trigger message_before_insert") that all of them leave behind.
std::vector<std::string> objects_of(const std::filesystem::path& folder);

class Migrator {
  public:
    // connection: to the database, as an account that may create tables, triggers and procedures.
    Migrator(db::Connection& connection, std::filesystem::path folder);

    const std::vector<Migration>& available() const { return available_; }
    Applied applied();
    // MigrationError if the database was migrated by a newer version.
    Plan plan();

    // Holds the lock, so that of two at once the later one finds everything done, and rehearses
    // before the first statement what migrations do, so that a server which refuses it is left as
    // it is. before: told of each migration. One that stopped in the middle goes on after the last
    // statement that took effect. Returns how many were applied; MigrationError names the file and
    // line of a statement that failed. With nothing to apply it asks for neither lock nor right.
    std::size_t apply(std::chrono::seconds patience,
                      const std::function<void(const Migration&)>& before);

  private:
    void take_lock(std::chrono::seconds patience);
    void apply_one(const Migration& migration);

    db::Connection& connection_;
    std::filesystem::path folder_;
    std::vector<Migration> available_;
};

}  // namespace livechat::admin
