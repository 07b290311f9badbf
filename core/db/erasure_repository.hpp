// SQL of taking out what a person wrote and was (sql/migrations, 0005 and 0007). All within a
// transaction that holds the session's row. Throws db::Error.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
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

    // From now on `erased` knows of it.
    void remember(std::string_view client_id);
    // Which of these clientIds were erased, and when last ("2025-03-10 12:00:00.000", UTC). One
    // that another process is erasing is waited for.
    std::map<std::string, std::string, std::less<>> erased(
        std::span<const std::string_view> client_ids);

    // Whose it is: the visitors' tokens that own it and nothing else are revoked.
    void disown(SessionId id);
    // Another clientId, and closed. Its old one is also taken out of what broken connections left
    // behind, and out of the bans.
    void rename(SessionId id, std::string_view old_client_id, std::string_view new_client_id);

  private:
    Connection& connection_;
};

}  // namespace livechat::db
