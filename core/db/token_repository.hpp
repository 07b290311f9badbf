// SQL of tokens and of the sessions that they own (sql/migrations, tables access_token and
// session_owner). A token is named by its SHA-256 (32 bytes). Throws db::Error.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "domain/access.hpp"

namespace livechat::db {

struct NewToken {
    std::string hash;
    TokenKind kind = TokenKind::visitor;
    std::optional<std::uint64_t> agent_id = {};
    std::optional<std::string> name = {};
    std::optional<Scopes> scopes = {};
    std::optional<std::chrono::seconds> lifetime = {};  // none: until it is revoked
};

// An agent's or a bot's token as people see it.
struct ListedToken {
    std::uint64_t id = 0;
    TokenKind kind = TokenKind::bot;
    std::string name;  // the bot's, or the agent's username
    Scopes scopes = 0;
    std::string created_at;
    std::optional<std::string> expires_at;
    std::optional<std::string> revoked_at;
};

class TokenRepository {
  public:
    explicit TokenRepository(Connection& connection) : connection_(connection) {}

    // What the token proves; none: it is unknown, revoked or expired, or its agent disabled. One
    // read by keys.
    std::optional<Identity> find(std::string_view hash);
    // Of many, those that prove something, in no order.
    std::vector<Identity> find(std::span<const std::string> hashes);

    void insert(const NewToken& token);
    // When it ends by itself.
    std::optional<std::string> expiry(std::string_view hash);
    void extend(std::string_view hash, std::chrono::seconds lifetime);
    // False: it was not there, or revoked before.
    bool revoke(std::string_view hash);
    bool revoke(std::uint64_t id);  // of an agent's or a bot's, which list() shows
    void revoke_all_of(std::uint64_t agent_id);
    // Hashes of what was revoked in the last so many seconds.
    std::vector<std::string> revoked_within(std::chrono::seconds time);

    // Within a transaction: takes the token's lock; false: there is no such token that is good.
    bool hold(std::string_view hash);
    // It ends after `lifetime` at the latest.
    void shorten(std::string_view hash, std::chrono::seconds lifetime);

    bool owns(std::string_view hash, std::string_view client_id);
    std::uint64_t count_owned(std::string_view hash);
    // The session becomes the token's; false: there is no such session.
    bool own(std::string_view hash, std::string_view client_id, bool proven);
    // Of a session: takes it from all who came without a signature, and revokes their tokens.
    void disown_unproven(std::string_view client_id);
    // Of a session that the caller holds: revokes the proven ones but `most`; those that would end
    // first go first.
    void revoke_proven_beyond(std::string_view client_id, std::uint64_t most);
    // Revokes all that own the session.
    void revoke_owners(std::string_view client_id);

    // Those of agents and bots, newest first.
    std::vector<ListedToken> list(std::uint64_t limit);

    // Removes at most `limit` that have ended more than a week ago; returns how many.
    std::uint64_t purge(std::uint64_t limit);

  private:
    Connection& connection_;
};

}  // namespace livechat::db
