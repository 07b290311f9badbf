#include "domain/access.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "domain/rules.hpp"

namespace livechat {
namespace {

constexpr std::size_t kNameChars = 64;
constexpr std::size_t kPasswordLeast = 8;
constexpr std::size_t kPasswordMost = 1024;

constexpr std::array<std::pair<std::string_view, Scope>, 5> kScopes{{
    {"sessions", Scope::sessions},
    {"read", Scope::read},
    {"send", Scope::send},
    {"close", Scope::close},
    {"visitor", Scope::visitor},
}};

bool visitor_may(const Identity& visitor, const Attempt& attempt) {
    switch (attempt.operation) {
        case Operation::read_history:
        case Operation::join:
        case Operation::close:
            return visitor.owns(attempt.client_id);
        case Operation::mark_read:
        case Operation::send:
        case Operation::type:
            return attempt.side == Side::client && visitor.owns(attempt.client_id);
        case Operation::list_sessions:
        case Operation::watch_sessions:
        case Operation::sign_out:
        case Operation::manage_access:
            break;
    }
    return false;
}

bool agent_may(const Identity& agent, const Attempt& attempt) {
    switch (attempt.operation) {
        case Operation::mark_read:
        case Operation::send:
        case Operation::type:
            return attempt.side == Side::admin;
        case Operation::sign_out:
        case Operation::manage_access:
            return agent.role == Role::supervisor;
        case Operation::list_sessions:
        case Operation::watch_sessions:
        case Operation::read_history:
        case Operation::join:
        case Operation::close:
            return true;
    }
    return false;
}

bool bot_may(const Identity& bot, const Attempt& attempt) {
    switch (attempt.operation) {
        case Operation::list_sessions:
        case Operation::watch_sessions:
            return has(bot.scopes, Scope::sessions);
        case Operation::read_history:
        case Operation::join:
            return has(bot.scopes, Scope::read);
        case Operation::mark_read:
        case Operation::send:
        case Operation::type:
            return has(bot.scopes, attempt.side == Side::admin ? Scope::send : Scope::visitor);
        case Operation::close:
            return has(bot.scopes, Scope::close);
        case Operation::sign_out:
            return has(bot.scopes, Scope::visitor);
        case Operation::manage_access:
            break;
    }
    return false;
}

bool may_alone(const Identity& identity, const Attempt& attempt) {
    switch (identity.kind) {
        case TokenKind::visitor:
            return visitor_may(identity, attempt);
        case TokenKind::agent:
            return agent_may(identity, attempt);
        case TokenKind::bot:
            return bot_may(identity, attempt);
    }
    return false;
}

bool may_open_any(const Identity& identity) {
    return identity.kind == TokenKind::agent || has(identity.scopes, Scope::visitor);
}

tl::unexpected<Failure> refusal(const Principal& principal) {
    if (principal.identities.empty()) {
        return fail(ErrorCode::unauthorized, "a token is required");
    }
    return fail(ErrorCode::forbidden, "this token does not allow that");
}

const Identity* first(const Principal& principal, TokenKind kind) {
    const auto found = std::ranges::find(principal.identities, kind, &Identity::kind);
    return found == principal.identities.end() ? nullptr : &*found;
}

}  // namespace

AuthMode mode_of(const AuthConfig& config) {
    return config.mode == "open" ? AuthMode::open : AuthMode::token;
}

std::string_view prefix_of(TokenKind kind) {
    switch (kind) {
        case TokenKind::visitor:
            return "";
        case TokenKind::agent:
            return "lca_";
        case TokenKind::bot:
            break;
    }
    return "lcb_";
}

std::optional<TokenKind> kind_of_token(std::string_view token) {
    constexpr std::size_t kSecretChars = 43;  // 256 bits
    if (token.size() < kSecretChars) return std::nullopt;
    const auto prefix = token.substr(0, token.size() - kSecretChars);
    const auto secret = token.substr(prefix.size());
    const bool base64url = std::ranges::all_of(secret, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
    if (!base64url) return std::nullopt;
    for (const auto kind : {TokenKind::visitor, TokenKind::agent, TokenKind::bot}) {
        if (prefix == prefix_of(kind)) return kind;
    }
    return std::nullopt;
}

bool Identity::owns(std::string_view client_id) const {
    return std::ranges::binary_search(client_ids, client_id, std::ranges::less{},
                                      [](const std::string& id) { return std::string_view(id); });
}

const Identity* Principal::visitor() const { return first(*this, TokenKind::visitor); }
const Identity* Principal::agent() const { return first(*this, TokenKind::agent); }

bool Principal::is_staff() const { return std::ranges::any_of(identities, &Identity::is_staff); }

bool Principal::owns(std::string_view client_id) const {
    return std::ranges::any_of(identities,
                               [&](const Identity& identity) { return identity.owns(client_id); });
}

Result<void> may(AuthMode mode, const Principal& principal, const Attempt& attempt) {
    const bool manages =
        attempt.operation == Operation::manage_access || attempt.operation == Operation::sign_out;
    if (mode == AuthMode::open && !manages) return {};
    if (std::ranges::any_of(principal.identities, [&](const Identity& identity) {
            return may_alone(identity, attempt);
        })) {
        return {};
    }
    return refusal(principal);
}

Result<Grant> may_open(const Principal& principal,
                       std::string_view client_id,
                       const Opening& opening) {
    if (principal.owns(client_id)) return Grant::owned;
    if (opening.signature_proven) return Grant::proven;
    const bool as_visitor = principal.by_cookie && !opening.exists && !opening.signature_required;
    if (!as_visitor && principal.is_staff()) {
        // A bot that may not open sessions gets none as a visitor either.
        if (!std::ranges::any_of(principal.identities, may_open_any)) return refusal(principal);
        return Grant::as_staff;
    }
    if (opening.signature_required) {
        return fail(ErrorCode::signature_required,
                    "a signature of the site for this clientId is required");
    }
    if (opening.exists) return refusal(principal);
    return Grant::claimed;
}

bool opens_as_staff(const Principal& principal) {
    return !principal.by_cookie && principal.is_staff();
}

Result<Role> parse_role(std::string_view word) {
    if (word == to_string(Role::agent)) return Role::agent;
    if (word == to_string(Role::supervisor)) return Role::supervisor;
    return fail(ErrorCode::role_invalid, "role is \"agent\" or \"supervisor\"");
}

std::string_view to_string(Role role) { return role == Role::agent ? "agent" : "supervisor"; }

std::string_view to_string(TokenKind kind) {
    switch (kind) {
        case TokenKind::visitor:
            return "visitor";
        case TokenKind::agent:
            return "agent";
        case TokenKind::bot:
            break;
    }
    return "bot";
}

Result<Scopes> parse_scopes(std::string_view words) {
    Scopes scopes = 0;
    for (;;) {
        const auto end = words.find(',');
        const auto word = words.substr(0, end);
        const auto known =
            std::ranges::find(kScopes, word, &std::pair<std::string_view, Scope>::first);
        if (known == kScopes.end()) {
            return fail(ErrorCode::scope_invalid,
                        "scopes are words of sessions, read, send, close and visitor, separated"
                        " by commas");
        }
        scopes |= static_cast<Scopes>(known->second);
        if (end == std::string_view::npos) return scopes;
        words.remove_prefix(end + 1);
    }
}

std::string to_string(Scopes scopes) {
    std::string words;
    for (const auto& [word, scope] : kScopes) {
        if (!has(scopes, scope)) continue;
        if (!words.empty()) words += ',';
        words += word;
    }
    return words;
}

Result<void> check_username(std::string_view name) {
    return rules::check_shown_name(name, kNameChars, ErrorCode::username_invalid, "username");
}

Result<void> check_bot_name(std::string_view name) {
    return rules::check_shown_name(name, kNameChars, ErrorCode::name_invalid, "name");
}

Result<void> check_password(std::string_view password) {
    if (password.size() < kPasswordLeast || password.size() > kPasswordMost) {
        return fail(ErrorCode::password_invalid, "password has " + std::to_string(kPasswordLeast) +
                                                     " to " + std::to_string(kPasswordMost) +
                                                     " bytes");
    }
    return {};
}

}  // namespace livechat
