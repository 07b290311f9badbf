// Whether the schema is what the programs work with.
// Throws db::Error.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"

namespace livechat::db {

// The newest migration that this program was built with, and the triggers of a schema that has it.
std::uint64_t schema_version_needed();
std::span<const std::string_view> triggers_needed();

class SchemaState {
  public:
    explicit SchemaState(Connection& connection) : connection_(connection) {}

    // The newest migration that was applied; nullopt: none was, or the tables are not ours.
    std::optional<std::uint64_t> version();

    // Those that are needed and not there. nullopt: the procedure that would say so is not there.
    std::optional<std::vector<std::string>> missing_triggers();

    // Writes nothing, and fails as a write would: a server that is read-only or keeps its tables
    // locked answers every question well.
    void try_to_write();

  private:
    Connection& connection_;
};

}  // namespace livechat::db
