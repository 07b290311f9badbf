// SQL of the messages of a session (sql/migrations, table message). Throws db::Error.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "db/session_repository.hpp"
#include "domain/types.hpp"

namespace livechat::db {

// A message that has its session's row, on its way into the table.
struct MessageRow {
    SessionId session_id = 0;
    const NewMessage* message = nullptr;
};

// A message that is in the table under a messageId.
struct KnownMessage {
    SessionId session_id = 0;
    std::string message_id;
    Seq seq = 0;
    std::string created_at;
};

class MessageRepository {
  public:
    explicit MessageRepository(Connection& connection) : connection_(connection) {}

    // seq `first` to `last`, both included, in order. Reads as many rows as it returns.
    std::vector<Message> read(const SessionRecord& session, Seq first, Seq last);

    // In one statement, in this order. Error of kind duplicate when a messageId is taken.
    void insert(std::span<const MessageRow> rows);

    // Those of the rows whose messageId is in the table already.
    std::vector<KnownMessage> known(std::span<const MessageRow> rows);

  private:
    Connection& connection_;
};

}  // namespace livechat::db
