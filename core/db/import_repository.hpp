// SQL of taking over conversations with the times that they had elsewhere (sql/migrations, 0005).
// Throws db::Error.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/connection.hpp"
#include "db/session_repository.hpp"
#include "domain/types.hpp"

namespace livechat::db {

// created_at: UTC, "2025-03-10 12:00:00.000"; none: now.
struct DatedRow {
    SessionId session_id = 0;
    const NewMessage* message = nullptr;
    std::optional<std::string> created_at;
};

// A message as it stands in the table; created_at as in DatedRow.
struct NumberedMessage {
    SessionId session_id = 0;
    Seq seq = 0;
    Side sender = Side::client;
    std::string text;
    std::string created_at;
};

class ImportRepository {
  public:
    explicit ImportRepository(Connection& connection) : connection_(connection) {}

    // From here on the connection gives times itself; in each transaction that does so.
    void begin();

    // Error of kind duplicate when the client_id is taken.
    void insert_session(std::string_view client_id, const std::optional<std::string>& created_at);
    // Those that are there at these places.
    std::vector<NumberedMessage> numbered(std::span<const std::pair<SessionId, Seq>> places);
    // In this order, in as many statements as the server's max_allowed_packet wants.
    void insert_messages(std::span<const DatedRow> rows);
    // The reader has read everything of the other side up to this seq.
    void read_up_to(SessionId id, Side reader, Seq seq);

  private:
    void insert_at_once(std::span<const DatedRow> rows);

    Connection& connection_;
};

}  // namespace livechat::db
