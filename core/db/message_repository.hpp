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

// One that has its number and time (RFC 3339) as well.
struct NumberedRow : MessageRow {
    Seq seq = 0;
    std::string_view created_at;
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

    // Within a transaction that holds their sessions, and writes those as well
    // (SessionRepository::save_newest) and announces the messages. Error of kind duplicate when a
    // messageId is taken.
    void insert(std::span<const NumberedRow> rows);
    // To the sockets of their rooms, in this order.
    void announce(std::span<const NumberedRow> rows);

    // Those of the rows whose messageId is in the table already.
    std::vector<KnownMessage> known(std::span<const MessageRow> rows);

  private:
    void insert_at_once(std::span<const NumberedRow> rows);
    void announce_at_once(std::span<const NumberedRow> rows);

    Connection& connection_;
};

}  // namespace livechat::db
