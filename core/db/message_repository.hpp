// SQL of the messages of a session (sql/migrations, table message). Throws db::Error.
#pragma once

#include <cstdint>
#include <limits>
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

// Messages of a session, in order, and the numbers that it tells of: a message of `first` to `last`
// that is missing here reaches no one. Both 0: of none.
struct MessagePage {
    std::vector<Message> messages;
    Seq first = 0;
    Seq last = 0;
};

// What a page holds at most. There is room for one message, however long it is.
struct PageBounds {
    std::uint64_t messages = 0;
    std::uint64_t bytes = std::numeric_limits<std::uint64_t>::max();  // of texts
};

class MessageRepository {
  public:
    // Which messages a page that has no room for all of them keeps.
    enum class Keep : std::uint8_t { oldest, newest };

    explicit MessageRepository(Connection& connection) : connection_(connection) {}

    // Of the seqs from `first` to `last`, both included: as many as there is room for. Reads no
    // more text than twice the bound.
    MessagePage read_page(const SessionRecord& session,
                          Seq first,
                          Seq last,
                          const PageBounds& bounds,
                          Keep keep = Keep::oldest);

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
