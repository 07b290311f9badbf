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
    // Revoked and not deleted, so that open sockets hear of it.
    connection_.execute(
        "UPDATE access_token SET revoked_at = UTC_TIMESTAMP(3)"
        " WHERE kind = 'visitor' AND revoked_at IS NULL"
        " AND token_hash IN (SELECT one.token_hash FROM session_owner one WHERE one.session_id = ?)"
        " AND NOT EXISTS (SELECT 1 FROM session_owner other"
        "  WHERE other.token_hash = access_token.token_hash AND other.session_id <> ?)",
        {id, id});
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
