// SQL of taking out what a person wrote and was (sql/migrations, 0005). All within a transaction
// that holds the session's row. Throws db::Error.
#pragma once

#include <optional>
#include <string_view>

#include "db/session_repository.hpp"
#include "domain/types.hpp"

namespace livechat::db {

class ErasureRepository {
  public:
    explicit ErasureRepository(Connection& connection) : connection_(connection) {}

    // Takes the row's lock and returns its last_seq; nullopt: there is no such session any more.
    std::optional<Seq> lock(SessionId id);

    // Texts and messageIds of the messages from `first` to `last`, both included.
    void erase_messages(SessionId id, Seq first, Seq last);
    // What agents were told of the visitor.
    void erase_visitor(SessionId id);
    // The sockets of the room hear that the texts up to this seq are gone.
    void announce(SessionId id, Seq up_to);

    // Whose it is: the visitors' tokens that own it and nothing else are revoked.
    void disown(SessionId id);
    // Another clientId, and closed. Its old one is also taken out of what broken connections left
    // behind, and out of the bans.
    void rename(SessionId id, std::string_view old_client_id, std::string_view new_client_id);

  private:
    Connection& connection_;
};

}  // namespace livechat::db
