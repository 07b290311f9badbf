#include "db/erasure_repository.hpp"

#include <utility>
#include <vector>

#include "base/ids.hpp"

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

void ErasureRepository::remember(std::string_view client_id) {
    const auto hash = sha256(client_id);
    connection_.execute(
        "INSERT INTO erasure (client_hash, erased_at) VALUES (?, UTC_TIMESTAMP(3))"
        " ON DUPLICATE KEY UPDATE erased_at = UTC_TIMESTAMP(3)",
        {std::string_view(hash)});
}

std::map<std::string, std::string, std::less<>> ErasureRepository::erased(
    std::span<const std::string_view> client_ids) {
    std::map<std::string, std::string, std::less<>> found;
    if (client_ids.empty()) return found;
    std::map<std::string, std::string_view> names;
    for (const auto client_id : client_ids) names.emplace(sha256(client_id), client_id);
    std::vector<Value> hashes;
    for (const auto& [hash, name] : names) hashes.emplace_back(std::string_view(hash));
    const auto asked = in_list(std::move(hashes));
    auto rows = connection_.query(
        "SELECT client_hash, CAST(erased_at AS CHAR) FROM erasure WHERE client_hash IN " +
            placeholders(1, asked.size()) + " LOCK IN SHARE MODE",
        asked);
    while (rows.next()) found.emplace(names.at(rows.bytes(1)), rows.text(2));
    return found;
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
