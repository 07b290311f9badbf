// SQL of what broken connections leave behind (sql/migrations, table recovery). Throws db::Error.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"

namespace livechat::db {

struct RecoveryRoom {
    std::string name;
    // The room's newest notification that the client was shown by other means than the feed. An
    // offset may have it, and those of the room before it, for holes.
    std::uint64_t covered = 0;
};

struct RecoveryRecord {
    std::string pid_hash;         // 32 bytes
    std::uint64_t joined_at = 0;  // see the table
    std::vector<RecoveryRoom> rooms;
};

class RecoveryRepository {
  public:
    explicit RecoveryRepository(Connection& connection) : connection_(connection) {}

    void save(std::span<const RecoveryRecord> records);

    // Those that are there, in any order, locked until the transaction ends. A row that cannot be
    // read counts as none.
    std::vector<RecoveryRecord> find(std::span<const std::string_view> pid_hashes);

    void remove(std::span<const RecoveryRecord> records);

    // Removes at most `limit` that are older than `hours`; returns how many.
    std::uint64_t purge(std::uint64_t hours, std::uint64_t limit);

  private:
    void save_at_once(std::span<const RecoveryRecord> records);

    Connection& connection_;
};

}  // namespace livechat::db
