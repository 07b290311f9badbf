// Whether the schema is what the programs work with.
// Throws db::Error.
#pragma once

#include <cstdint>
#include <optional>

#include "db/connection.hpp"

namespace livechat::db {

// The newest migration that this program was built with.
std::uint64_t schema_version_needed();

class SchemaState {
  public:
    explicit SchemaState(Connection& connection) : connection_(connection) {}

    // The newest migration that was applied; nullopt: none was, or the tables are not ours.
    std::optional<std::uint64_t> version();

    // Whether the trigger is there that numbers messages. Changes nothing.
    bool numbers_messages();

  private:
    Connection& connection_;
};

}  // namespace livechat::db
