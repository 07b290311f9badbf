// Who may do what (docs/security.md, "The table"): one set of rules for REST, Socket.IO, /ws and
// polling. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.hpp"
#include "domain/failure.hpp"
#include "domain/types.hpp"

namespace livechat {

enum class AuthMode : std::uint8_t {
    token,
    open,  // everybody may do whatever the documented calls do; managing access still wants a
           // supervisor
};

AuthMode mode_of(const AuthConfig& config);

enum class TokenKind : std::uint8_t { visitor, agent, bot };
enum class Role : std::uint8_t { agent, supervisor };

// The kind that a token's form says: 43 characters of base64url are a visitor's, an agent's have
// "lca_" before them, a bot's "lcb_". nullopt: not a token.
std::optional<TokenKind> kind_of_token(std::string_view token);
std::string_view prefix_of(TokenKind kind);

// What a bot may do; a set of these is a Scopes.
enum class Scope : std::uint8_t {
    sessions = 1,  // list and watch sessions
    read = 2,      // histories and rooms of all sessions
    send = 4,      // send, type and mark as read as `admin`
    close = 8,
    visitor = 16,  // open sessions, and send, type and mark as read as `client`: for bridges
};
using Scopes = std::uint8_t;
constexpr bool has(Scopes scopes, Scope scope) {
    return (scopes & static_cast<Scopes>(scope)) != 0;
}

// What one token proves.
struct Identity {
    TokenKind kind = TokenKind::visitor;
    std::string token_hash;      // 32 bytes; names the token for revocation, and is never shown
    std::uint64_t agent_id = 0;  // of an agent
    std::string name = {};       // an agent's username, a bot's name
    Role role = Role::agent;     // of an agent
    Scopes scopes = 0;           // of a bot
    std::vector<std::string> client_ids = {};  // of a visitor: the sessions that are his, sorted
    // From the moment when it was read; none: it does not end by itself.
    std::optional<std::chrono::milliseconds> expires_in = {};

    bool owns(std::string_view client_id) const;
    bool is_staff() const { return kind != TokenKind::visitor; }
    bool operator==(const Identity&) const = default;
};

// All that a request or a socket proves: a browser may hold a visitor's and an agent's cookie at
// once. Empty: a stranger.
struct Principal {
    std::vector<Identity> identities;
    // They came as cookies, that is, without the caller's doing.
    bool by_cookie = false;

    const Identity* visitor() const;  // the first of that kind, or null
    const Identity* agent() const;
    // An agent or a bot: limits and bans, which are for visitors, do not hold for them.
    bool is_staff() const;
    bool owns(std::string_view client_id) const;
};

enum class Operation : std::uint8_t {
    list_sessions,
    watch_sessions,
    read_history,
    join,  // leaving needs no leave
    mark_read,
    send,
    type,
    close,
    sign_out,       // ending the tokens of a clientId
    manage_access,  // agents, tokens, bans
};

struct Attempt {
    Operation operation = Operation::manage_access;
    std::string_view client_id = {};  // of the operations on one session
    Side side = Side::client;         // as whom to mark_read, send or type
    std::size_t bytes = 0;            // of the text to send, as JSON
};

// `unauthorized` to a stranger, `forbidden` to anyone else who may not; both are the same for a
// session that exists and one that does not.
Result<void> may(AuthMode mode, const Principal& principal, const Attempt& attempt);

// Opening a session (POST /initialize) does not go by the table alone: a new clientId is for
// the first who comes.
struct Opening {
    bool exists = false;
    bool signature_proven = false;  // the caller came with the site's signature for this clientId
    bool signature_required = false;
};
enum class Grant : std::uint8_t {
    as_staff,  // whose session it is stays as it is
    owned,     // it is the caller's already
    proven,    // it becomes the caller's, and is taken from those who came without a signature
    claimed,   // it is new and becomes the caller's: also of an agent whose browser shows the
               // widget, and whose cookie came along
};
Result<Grant> may_open(const Principal& principal,
                       std::string_view client_id,
                       const Opening& opening);

// Whether may_open() answers the same for every session, without a signature: for who works here,
// unless he came by cookie and so may be a visitor, too.
bool opens_as_staff(const Principal& principal);

// "agent" or "supervisor".
Result<Role> parse_role(std::string_view word);
std::string_view to_string(Role role);
std::string_view to_string(TokenKind kind);

// "read,send": at least one of the words above, separated by commas.
Result<Scopes> parse_scopes(std::string_view words);
std::string to_string(Scopes scopes);

// What is allowed in as a name of an agent or a bot, and as a new password.
Result<void> check_username(std::string_view name);
Result<void> check_bot_name(std::string_view name);
Result<void> check_password(std::string_view password);

}  // namespace livechat
