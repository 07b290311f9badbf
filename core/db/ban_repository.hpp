// SQL of the bans (sql/migrations, table ban). Throws db::Error.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "domain/ban.hpp"

namespace livechat::db {

class BanRepository {
  public:
    explicit BanRepository(Connection& connection) : connection_(connection) {}

    // Changes with every change of the table.
    std::uint64_t version();

    // Those that hold, newest first.
    std::vector<Ban> list(std::uint64_t limit);

    // Replaces one of the same value. lifetime: none: until it is lifted.
    void put(BanKind kind,
             std::string_view value,
             std::string_view reason,
             std::optional<std::chrono::seconds> lifetime);
    std::optional<Ban> find(BanKind kind, std::string_view value);
    bool remove(std::uint64_t id);

    // Removes at most `limit` that are over; returns how many.
    std::uint64_t purge(std::uint64_t limit);

  private:
    Connection& connection_;
};

}  // namespace livechat::db
