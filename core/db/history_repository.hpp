// A session together with a part of its messages: one statement, one view of the database, one
// round trip. It reads as many rows as it returns, wherever in the history they lie. Throws
// db::Error. Not within a transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "db/session_repository.hpp"
#include "domain/types.hpp"

namespace livechat::db {

struct History {
    SessionRecord record;
    std::vector<Message> messages;  // in the order of seq
};

class HistoryRepository {
  public:
    explicit HistoryRepository(Connection& connection) : connection_(connection) {}

    // seq `first` to `last`, both included. None: there is no such session.
    std::optional<History> between(std::string_view client_id, Seq first, Seq last);

    // The last `count` whose seq is below `end`.
    std::optional<History> below(std::string_view client_id, Seq end, std::uint64_t count);

  private:
    // Numbers are dense, and MariaDB's view is not of one instant: it may hold what a message made
    // of the session's row, and lack the one before it. Whose successor is seen has been committed,
    // so a view that is made afterwards has it: what is lacking there too was deleted by hand.
    void complete(History& history, Seq first, Seq last);

    Connection& connection_;
};

}  // namespace livechat::db
