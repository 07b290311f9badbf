#include "chat/access_service.hpp"

#include "base/ids.hpp"
#include "base/secret.hpp"
#include "chat/retry.hpp"
#include "db/session_repository.hpp"

namespace livechat {
namespace {

using std::chrono::seconds;

constexpr std::uint64_t kPurged = 500;

// How long a token is good after another one took its place.
constexpr std::chrono::hours kSuperseded{24};

}  // namespace

std::optional<Identity> AccessService::authenticate(std::string_view token) {
    if (!kind_of_token(token)) return std::nullopt;
    const auto hash = sha256(token);
    return with_retry([&] { return db::TokenRepository(connection_).find(hash); });
}

std::vector<Identity> AccessService::refresh(std::span<const std::string> token_hashes) {
    return with_retry([&] { return db::TokenRepository(connection_).find(token_hashes); });
}

std::vector<std::string> AccessService::revoked_within(seconds time) {
    return with_retry([&] { return db::TokenRepository(connection_).revoked_within(time); });
}

Result<Opened> AccessService::open(const Principal& principal, const OpeningRequest& request) {
    bool proven = false;
    if (request.signature) {
        const auto good = check_signature(auth_.site_secret, request.client_id, *request.signature,
                                          std::chrono::system_clock::now());
        const bool needless = !good && good.error().code == ErrorCode::signature_expired &&
                              principal.owns(request.client_id);
        if (!good && !needless) return tl::unexpected(good.error());
        proven = good.has_value();
    }
    if (!proven && principal.owns(request.client_id)) return open_owned(principal, request);
    if (!proven && opens_as_staff(principal)) {
        const auto grant = may_open(principal, request.client_id, {});
        if (!grant) return tl::unexpected(grant.error());
        return Opened{.grant = *grant, .token = {}};
    }

    bool made = false;
    auto opened = with_retry([&]() -> Result<Opened> {
        if (proven) return open_proven(principal, request, made);
        return try_open(principal, request, made);
    });
    if (made && committed_) committed_();
    return opened;
}

Result<Opened> AccessService::open_owned(const Principal& principal,
                                         const OpeningRequest& request) {
    const auto lifetime = std::chrono::duration_cast<seconds>(auth_.visitor_token);
    const Identity& visitor = *principal.visitor();
    Opened opened{Grant::owned, std::string(request.visitor_token), false};
    if (visitor.expires_in && *visitor.expires_in < lifetime / 2) {
        with_retry([&] { db::TokenRepository(connection_).extend(visitor.token_hash, lifetime); });
        opened.renewed = true;
    }
    return opened;
}

std::string AccessService::issue_visitor_token() {
    auto token = new_token(prefix_of(TokenKind::visitor));
    db::TokenRepository(connection_)
        .insert({.hash = sha256(token),
                 .kind = TokenKind::visitor,
                 .lifetime = std::chrono::duration_cast<seconds>(auth_.visitor_token)});
    return token;
}

Opened AccessService::open_proven(const Principal& principal,
                                  const OpeningRequest& request,
                                  bool& made) {
    db::SessionRepository sessions(connection_);
    db::TokenRepository tokens(connection_);
    db::Transaction transaction(connection_);
    // Held: of several that come with a signature at once, each sees the others' tokens.
    const bool exists = sessions.hold(request.client_id);
    if (!exists) sessions.insert(request.client_id);
    tokens.disown_unproven(request.client_id);
    const Identity* visitor = principal.visitor();
    // Another page of this browser may still use the one that the new one takes the place of.
    if (visitor && visitor->client_ids.size() == 1 && visitor->owns(request.client_id)) {
        tokens.shorten(visitor->token_hash, kSuperseded);
    }
    Opened opened{Grant::proven, issue_visitor_token(), true};
    tokens.own(sha256(*opened.token), request.client_id, true);
    tokens.revoke_proven_beyond(request.client_id, kProvenTokens);
    transaction.commit();
    made = !exists;
    return opened;
}

Result<Opened> AccessService::try_open(const Principal& principal,
                                       const OpeningRequest& request,
                                       bool& made) {
    db::SessionRepository sessions(connection_);
    db::TokenRepository tokens(connection_);
    // Looked at before the transaction begins: what it locks must not be older than its view. If
    // another request makes the session meanwhile, the INSERT fails and this is tried again.
    const bool exists = sessions.find(request.client_id).has_value();
    const Identity* visitor = principal.visitor();
    // It may have become theirs since the identity was read, by another request at the same moment.
    if (exists && visitor && tokens.owns(visitor->token_hash, request.client_id)) {
        return Opened{Grant::owned, std::string(request.visitor_token), false};
    }
    const auto grant = may_open(principal, request.client_id,
                                {.exists = exists, .signature_required = auth_.require_signature});
    if (!grant) return tl::unexpected(grant.error());
    if (*grant == Grant::as_staff) return Opened{.grant = *grant, .token = {}};

    db::Transaction transaction(connection_);
    // Held: of several sessions that it opens at once, each counts the others.
    const bool binds = visitor && !request.plantable && tokens.hold(visitor->token_hash);
    if (binds && tokens.count_owned(visitor->token_hash) >= auth_.sessions_per_visitor) {
        return fail(ErrorCode::too_many_sessions, "this token owns as many sessions as it may");
    }
    Opened opened{*grant, binds ? std::string(request.visitor_token) : issue_visitor_token(),
                  !binds};
    if (!exists) sessions.insert(request.client_id);
    tokens.own(sha256(*opened.token), request.client_id, false);
    transaction.commit();
    made = !exists;
    return opened;
}

void AccessService::sign_out(std::string_view client_id) {
    with_retry([&] { db::TokenRepository(connection_).revoke_owners(client_id); });
}

void AccessService::revoke(std::string_view token_hash) {
    with_retry([&] { db::TokenRepository(connection_).revoke(token_hash); });
}

Result<std::string> AccessService::issue_bot_token(std::string_view name,
                                                   Scopes scopes,
                                                   std::optional<seconds> lifetime) {
    if (auto allowed = check_bot_name(name); !allowed) return tl::unexpected(allowed.error());
    if (scopes == 0) return fail(ErrorCode::scope_invalid, "a token needs a scope");
    const auto token = new_token(prefix_of(TokenKind::bot));
    with_retry([&] {
        db::TokenRepository(connection_)
            .insert({.hash = sha256(token),
                     .kind = TokenKind::bot,
                     .name = std::string(name),
                     .scopes = scopes,
                     .lifetime = lifetime});
    });
    return token;
}

std::vector<db::ListedToken> AccessService::list_tokens(std::uint64_t limit) {
    return with_retry([&] { return db::TokenRepository(connection_).list(limit); });
}

Result<void> AccessService::revoke_token(std::uint64_t id) {
    if (with_retry([&] { return db::TokenRepository(connection_).revoke(id); })) return {};
    return fail(ErrorCode::not_found, "there is no such token, or it is revoked already");
}

std::uint64_t AccessService::purge() {
    return with_retry([&] { return db::TokenRepository(connection_).purge(kPurged); });
}

}  // namespace livechat
