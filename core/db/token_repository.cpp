#include "db/token_repository.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "db/words.hpp"

namespace livechat::db {
namespace {

constexpr std::string_view kIdentities =
    "SELECT t.token_hash, t.kind, t.agent_id, COALESCE(a.username, t.name), a.role, t.scopes,"
    " TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), t.expires_at) DIV 1000, s.client_id"
    " FROM access_token t"
    " LEFT JOIN agent a ON a.id = t.agent_id"
    " LEFT JOIN session_owner o ON o.token_hash = t.token_hash"
    " LEFT JOIN session s ON s.id = o.session_id"
    " WHERE t.token_hash IN ";
constexpr std::string_view kGood =
    " AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > UTC_TIMESTAMP(3))"
    " AND (t.kind <> 'agent' OR a.disabled = 0)";

// Tokens in one statement, at most.
constexpr std::size_t kBatch = 256;

std::optional<TokenKind> parse_kind(std::string_view word) {
    for (const auto kind : {TokenKind::visitor, TokenKind::agent, TokenKind::bot}) {
        if (word == to_string(kind)) return kind;
    }
    return std::nullopt;
}

std::optional<TokenKind> read_kind(const Rows& rows, unsigned column) {
    return read_word("access_token.kind", rows.word(column), parse_kind);
}

// NULL, and what an unknown hand has written, are no scopes.
Scopes read_scopes(const Rows& rows, unsigned column) {
    return parse_scopes(rows.optional_text(column).value_or("")).value_or(0);
}

std::optional<std::string> optional_time(const Rows& rows, unsigned column) {
    if (rows.is_null(column)) return std::nullopt;
    return rows.time(column);
}

// None where it is not known what the token is for.
std::optional<Identity> read_identity(const Rows& rows) {
    const auto kind = read_kind(rows, 2);
    if (!kind) return std::nullopt;
    Identity identity;
    identity.token_hash = rows.bytes(1);
    identity.kind = *kind;
    identity.name = rows.optional_text(4).value_or("");
    if (identity.kind == TokenKind::agent) {
        identity.agent_id = rows.integer(3);
        const auto role = read_word("agent.role", rows.word(5), parse_role);
        if (!role) return std::nullopt;
        identity.role = *role;
    }
    if (identity.kind == TokenKind::bot) identity.scopes = read_scopes(rows, 6);
    if (!rows.is_null(7)) identity.expires_in = std::chrono::milliseconds(rows.integer(7));
    return identity;
}

}  // namespace

std::optional<Identity> TokenRepository::find(std::string_view hash) {
    const std::string one(hash);
    auto found = find(std::span(&one, 1));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<Identity> TokenRepository::find(std::span<const std::string> hashes) {
    std::unordered_map<std::string, Identity> found;
    while (!hashes.empty()) {
        const auto batch = hashes.first(std::min(kBatch, hashes.size()));
        const auto values = in_list({batch.begin(), batch.end()});
        auto rows = connection_.query(
            std::string(kIdentities) + placeholders(1, values.size()) + std::string(kGood), values);
        while (rows.next()) {
            auto place = found.find(rows.bytes(1));
            if (place == found.end()) {
                auto identity = read_identity(rows);
                if (!identity) continue;
                place = found.emplace(rows.bytes(1), *std::move(identity)).first;
            }
            if (!rows.is_null(8)) place->second.client_ids.push_back(rows.text(8));
        }
        hashes = hashes.subspan(batch.size());
    }
    std::vector<Identity> identities;
    for (auto& [hash, identity] : found) {
        std::ranges::sort(identity.client_ids);
        identities.push_back(std::move(identity));
    }
    return identities;
}

void TokenRepository::insert(const NewToken& token) {
    const std::string scopes = to_string(token.scopes.value_or(0));
    const auto optional_number = [](const std::optional<std::uint64_t>& number) {
        return number ? Value(*number) : Value();
    };
    connection_.execute(
        "INSERT INTO access_token (token_hash, kind, agent_id, name, scopes, expires_at)"
        " VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(3) + INTERVAL ? SECOND)",
        {token.hash, to_string(token.kind), optional_number(token.agent_id),
         value_or_null(token.name), token.scopes ? Value(std::string_view(scopes)) : Value(),
         token.lifetime ? Value(static_cast<std::uint64_t>(token.lifetime->count())) : Value()});
}

std::optional<std::string> TokenRepository::expiry(std::string_view hash) {
    auto rows =
        connection_.query("SELECT expires_at FROM access_token WHERE token_hash = ?", {hash});
    if (!rows.next()) return std::nullopt;
    return optional_time(rows, 1);
}

void TokenRepository::extend(std::string_view hash, std::chrono::seconds lifetime) {
    connection_.execute(
        "UPDATE access_token SET expires_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND"
        " WHERE token_hash = ? AND expires_at IS NOT NULL",
        {static_cast<std::uint64_t>(lifetime.count()), hash});
}

bool TokenRepository::revoke(std::string_view hash) {
    return connection_.execute(
               "UPDATE access_token SET revoked_at = UTC_TIMESTAMP(3)"
               " WHERE token_hash = ? AND revoked_at IS NULL",
               {hash}) > 0;
}

bool TokenRepository::revoke(std::uint64_t id) {
    return connection_.execute(
               "UPDATE access_token SET revoked_at = UTC_TIMESTAMP(3)"
               " WHERE id = ? AND kind IN ('agent', 'bot') AND revoked_at IS NULL",
               {id}) > 0;
}

void TokenRepository::revoke_all_of(std::uint64_t agent_id) {
    connection_.execute(
        "UPDATE access_token SET revoked_at = UTC_TIMESTAMP(3)"
        " WHERE agent_id = ? AND revoked_at IS NULL",
        {agent_id});
}

std::vector<std::string> TokenRepository::revoked_within(std::chrono::seconds time) {
    auto rows = connection_.query(
        "SELECT token_hash FROM access_token"
        " WHERE revoked_at > UTC_TIMESTAMP(3) - INTERVAL ? SECOND",
        {static_cast<std::uint64_t>(time.count())});
    std::vector<std::string> hashes;
    while (rows.next()) hashes.push_back(rows.bytes(1));
    return hashes;
}

bool TokenRepository::hold(std::string_view hash) {
    return connection_
        .query(
            "SELECT 1 FROM access_token WHERE token_hash = ? AND revoked_at IS NULL"
            " AND (expires_at IS NULL OR expires_at > UTC_TIMESTAMP(3)) FOR UPDATE",
            {hash})
        .next();
}

void TokenRepository::shorten(std::string_view hash, std::chrono::seconds lifetime) {
    connection_.execute(
        "UPDATE access_token SET expires_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND"
        " WHERE token_hash = ? AND expires_at > UTC_TIMESTAMP(3) + INTERVAL ? SECOND",
        {static_cast<std::uint64_t>(lifetime.count()), hash,
         static_cast<std::uint64_t>(lifetime.count())});
}

std::uint64_t TokenRepository::count_owned(std::string_view hash) {
    auto rows =
        connection_.query("SELECT COUNT(*) FROM session_owner WHERE token_hash = ?", {hash});
    return rows.next() ? rows.integer(1) : 0;
}

bool TokenRepository::owns(std::string_view hash, std::string_view client_id) {
    return connection_
        .query(
            "SELECT 1 FROM session s JOIN session_owner o ON o.session_id = s.id"
            " WHERE s.client_id = ? AND o.token_hash = ?",
            {client_id, hash})
        .next();
}

bool TokenRepository::own(std::string_view hash, std::string_view client_id, bool proven) {
    return connection_.execute(
               "INSERT INTO session_owner (session_id, token_hash, proven)"
               " SELECT id, ?, ? FROM session WHERE client_id = ?"
               " ON DUPLICATE KEY UPDATE proven = GREATEST(proven, VALUES(proven))",
               {hash, std::uint64_t{proven}, client_id}) > 0;
}

void TokenRepository::disown_unproven(std::string_view client_id) {
    // Revoked, not only parted from the session: so that their open sockets end.
    connection_.execute(
        "UPDATE access_token t JOIN session_owner o ON o.token_hash = t.token_hash"
        " JOIN session s ON s.id = o.session_id"
        " SET t.revoked_at = UTC_TIMESTAMP(3)"
        " WHERE s.client_id = ? AND o.proven = 0 AND t.revoked_at IS NULL",
        {client_id});
    connection_.execute(
        "DELETE o FROM session_owner o JOIN session s ON s.id = o.session_id"
        " WHERE s.client_id = ? AND o.proven = 0",
        {client_id});
}

void TokenRepository::revoke_proven_beyond(std::string_view client_id, std::uint64_t most) {
    // More than can have gathered since the last time.
    constexpr std::uint64_t kMore = 1000;
    std::vector<std::string> beyond;
    {
        auto rows = connection_.query(
            "SELECT t.token_hash FROM session s JOIN session_owner o ON o.session_id = s.id"
            " JOIN access_token t ON t.token_hash = o.token_hash"
            " WHERE s.client_id = ? AND o.proven = 1 AND t.revoked_at IS NULL"
            " AND t.expires_at > UTC_TIMESTAMP(3)"
            " ORDER BY t.expires_at DESC, t.id DESC LIMIT ?, ?",
            {client_id, most, kMore});
        while (rows.next()) beyond.push_back(rows.bytes(1));
    }
    for (const auto& hash : beyond) revoke(hash);
}

void TokenRepository::revoke_owners(std::string_view client_id) {
    connection_.execute(
        "UPDATE access_token t JOIN session_owner o ON o.token_hash = t.token_hash"
        " JOIN session s ON s.id = o.session_id"
        " SET t.revoked_at = UTC_TIMESTAMP(3)"
        " WHERE s.client_id = ? AND t.revoked_at IS NULL",
        {client_id});
}

std::vector<ListedToken> TokenRepository::list(std::uint64_t limit) {
    auto rows = connection_.query(
        "SELECT t.id, t.kind, COALESCE(a.username, t.name), t.scopes, t.created_at, t.expires_at,"
        " t.revoked_at FROM access_token t LEFT JOIN agent a ON a.id = t.agent_id"
        " WHERE t.kind IN ('agent', 'bot') ORDER BY t.id DESC LIMIT ?",
        {limit});
    std::vector<ListedToken> tokens;
    while (rows.next()) {
        const auto kind = read_kind(rows, 2);
        if (!kind) continue;
        tokens.push_back({.id = rows.integer(1),
                          .kind = *kind,
                          .name = rows.optional_text(3).value_or(""),
                          .scopes = read_scopes(rows, 4),
                          .created_at = rows.time(5),
                          .expires_at = optional_time(rows, 6),
                          .revoked_at = optional_time(rows, 7)});
    }
    return tokens;
}

std::uint64_t TokenRepository::purge(std::uint64_t limit) {
    return connection_.execute(
               "DELETE FROM access_token WHERE expires_at < UTC_TIMESTAMP(3) - INTERVAL 7 DAY"
               " LIMIT ?",
               {limit}) +
           connection_.execute(
               "DELETE FROM access_token WHERE revoked_at < UTC_TIMESTAMP(3) - INTERVAL 7 DAY"
               " LIMIT ?",
               {limit});
}

}  // namespace livechat::db
