#include "db/erasure_repository.hpp"

namespace livechat::db {

std::optional<Seq> ErasureRepository::lock(SessionId id) {
    auto rows = connection_.query("SELECT last_seq FROM session WHERE id = ? FOR UPDATE", {id});
    if (!rows.next()) return std::nullopt;
    return rows.integer(1);
}

void ErasureRepository::erase_messages(SessionId id, Seq first, Seq last) {
    connection_.execute(
        "UPDATE message SET body = '', message_id = NULL"
        " WHERE session_id = ? AND seq BETWEEN ? AND ?",
        {id, first, last});
}

void ErasureRepository::erase_visitor(SessionId id) {
    connection_.execute("DELETE FROM visitor WHERE session_id = ?", {id});
}

void ErasureRepository::announce(SessionId id, Seq up_to) {
    connection_.execute(
        "INSERT INTO notification (session_id, kind, seq, created_at)"
        " VALUES (?, 'erased', ?, UTC_TIMESTAMP(3))",
        {id, up_to});
}

void ErasureRepository::disown(SessionId id) {
    // First the tokens, with which their rows of session_owner go.
    connection_.execute(
        "DELETE FROM access_token WHERE kind = 'visitor' AND token_hash IN"
        " (SELECT token_hash FROM (SELECT token_hash FROM session_owner GROUP BY token_hash"
        "   HAVING COUNT(*) = 1 AND MAX(session_id) = ?) AS sole)",
        {id});
    connection_.execute("DELETE FROM session_owner WHERE session_id = ?", {id});
}

void ErasureRepository::rename(SessionId id,
                               std::string_view old_client_id,
                               std::string_view new_client_id) {
    connection_.execute("UPDATE session SET client_id = ?, status = 'closed' WHERE id = ?",
                        {new_client_id, id});
    connection_.execute("DELETE FROM recovery WHERE LOCATE(?, CAST(rooms AS BINARY)) > 0",
                        {old_client_id});
    connection_.execute("DELETE FROM ban WHERE kind = 'client' AND value = ?", {old_client_id});
}

}  // namespace livechat::db
