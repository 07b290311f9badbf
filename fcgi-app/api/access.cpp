#include "api/access.hpp"

#include "base/ids.hpp"

namespace livechat::api {
namespace {

Failure banned() { return {ErrorCode::banned, "access denied"}; }

tl::unexpected<Failure> rate_limited(std::chrono::milliseconds wait) {
    return tl::unexpected(
        Failure{ErrorCode::rate_limited, "too often; wait before you try again", wait});
}

Doer doer_of(const Caller& caller) {
    const auto* visitor = caller.principal.visitor();
    return {visitor ? std::string_view(visitor->token_hash) : std::string_view(), caller.address};
}

}  // namespace

Failure origin_required() {
    return {ErrorCode::origin_required,
            "a cookie allows a change only together with an Origin of ours; a token in"
            " Authorization needs none"};
}

Caller::Caller(const http::Request& request)
    : credentials(read_credentials(request)), address(request.remote_address) {}

Access::Access(db::Connection& connection,
               const Config& config,
               SharedLimits& shared,
               std::function<void()> committed)
    : config_(config),
      mode_(mode_of(config.auth)),
      rates_(shared.rates),
      hashing_(shared.hashing),
      service_(connection, config.auth, std::move(committed)),
      bans_(connection, config.limits),
      ban_watch_(config.auth.cache),
      identities_(config.auth.cache) {}

Caller Access::read(const http::Request& request) const {
    Caller caller(request);
    caller.unproven_cookie = caller.credentials.has_cookie() && is_write(request.method) &&
                             !comes_from_our_pages(request, config_.auth);
    caller.plantable = !caller.credentials.has_bearer &&
                       gives_secure_cookies(request, config_.auth) &&
                       is_plain(request.cookie, kVisitorCookie);
    return caller;
}

Result<void> Access::identify(Caller& caller) {
    const auto& credentials = caller.credentials;
    if (credentials.has_bearer) {
        auto identity = prove(credentials.bearer, caller.address);
        if (!identity) return tl::unexpected(identity.error());
        if (!*identity) return fail(ErrorCode::unauthorized, "invalid or expired token");
        if ((*identity)->kind == TokenKind::visitor) caller.visitor_token = credentials.bearer;
        caller.principal.identities.push_back(**std::move(identity));
    } else if (credentials.has_cookie() && !caller.unproven_cookie) {
        caller.principal.by_cookie = true;
        const auto proven =
            prove_cookie(caller, credentials.visitor_cookie, TokenKind::visitor).and_then([&] {
                return prove_cookie(caller, credentials.agent_cookie, TokenKind::agent);
            });
        if (!proven) return proven;
    }
    return check_address_ban(caller);
}

Result<void> Access::check_address_ban(const Caller& caller) {
    const auto now = Clock::now();
    if (!caller.principal.is_staff() &&
        ban_watch_.current(bans_, now).bans_address(caller.address, now)) {
        return tl::unexpected(banned());
    }
    return {};
}

Result<void> Access::prove_cookie(Caller& caller, std::string_view token, TokenKind kind) {
    if (kind_of_token(token) != kind) return {};
    auto identity = prove(token, caller.address);
    if (!identity) return tl::unexpected(identity.error());
    if (!*identity) return {};
    if (kind == TokenKind::visitor) caller.visitor_token = token;
    caller.principal.identities.push_back(**std::move(identity));
    return {};
}

Result<std::optional<Identity>> Access::prove(std::string_view token, std::string_view address) {
    if (!kind_of_token(token)) return std::nullopt;
    const auto now = Clock::now();
    if (const auto* known = identities_.find(sha256(token), now)) return *known;
    const auto draws =
        by_address("unknown-token", address,
                   {.count = config_.abuse.enabled ? config_.abuse.unknown_tokens_per_address : 0});
    if (const auto wait = rates_.peek(draws, now)) return rate_limited(*wait);
    if (auto identity = service_.authenticate(token)) {
        return identities_.put(*std::move(identity), now);
    }
    // Requests that were looked up meanwhile are as many as there are workers.
    rates_.take(draws, now);
    return std::nullopt;
}

void Access::refresh(Principal& principal) {
    if (principal.identities.empty()) return;
    std::vector<std::string> hashes;
    for (const auto& identity : principal.identities) hashes.push_back(identity.token_hash);
    for (const auto& hash : hashes) identities_.forget(hash);
    principal.identities = service_.refresh(hashes);
    for (const auto& identity : principal.identities) identities_.put(identity, Clock::now());
}

Result<void> Access::permit(Caller& caller, const Attempt& attempt) {
    if (auto known = identify(caller); !known) return known;
    auto allowed = may(mode_, caller.principal, attempt);
    if (!allowed && !caller.principal.identities.empty()) {
        // Another worker may have given the visitor this session.
        refresh(caller.principal);
        allowed = may(mode_, caller.principal, attempt);
    }
    if (!allowed) return caller.unproven_cookie ? tl::unexpected(origin_required()) : allowed;
    return check_client_ban(caller, attempt.client_id);
}

Result<void> Access::check_client_ban(const Caller& caller, std::string_view client_id) {
    if (!caller.principal.is_staff() && ban_watch_.known().bans_client(client_id, Clock::now())) {
        return tl::unexpected(banned());
    }
    return {};
}

Result<void> Access::take(const Draws& draws) {
    if (!config_.abuse.enabled) return {};
    const auto wait = rates_.take(draws, Clock::now());
    if (!wait) return {};
    return rate_limited(*wait);
}

Result<void> Access::allow_send(const Caller& caller,
                                std::string_view client_id,
                                std::size_t bytes) {
    if (caller.principal.is_staff()) return {};
    return take(to_send(config_.abuse, doer_of(caller), client_id, bytes));
}

Result<void> Access::allow_mark(const Caller& caller) {
    if (caller.principal.is_staff()) return {};
    return take(to_mark_read(doer_of(caller)));
}

Result<void> Access::allow_open(const Caller& caller, std::string_view client_id) {
    if (caller.principal.is_staff()) return {};
    return take(to_open(config_.abuse, doer_of(caller), !caller.principal.owns(client_id)));
}

// With open access agents are not told from visitors, and read much.
bool Access::limits_reading(const Caller& caller) const {
    return config_.abuse.enabled && mode_ == AuthMode::token && !caller.principal.is_staff();
}

Result<void> Access::allow_read(const Caller& caller) {
    if (!limits_reading(caller)) return {};
    const auto wait = rates_.peek(to_read(config_.abuse, doer_of(caller), 1), Clock::now());
    if (!wait) return {};
    return rate_limited(*wait);
}

void Access::count_read(const Caller& caller, std::size_t bytes) {
    if (!limits_reading(caller)) return;
    rates_.charge(to_read(config_.abuse, doer_of(caller), bytes), Clock::now());
}

Result<Opened> Access::open(Caller& caller,
                            std::string_view client_id,
                            const std::optional<Signature>& signature) {
    const auto allowed = identify(caller)
                             .and_then([&] { return allow_open(caller, client_id); })
                             .and_then([&] { return allow_read(caller); })
                             .and_then([&] { return check_client_ban(caller, client_id); });
    if (!allowed) return tl::unexpected(allowed.error());
    if (mode_ == AuthMode::open) return Opened{.grant = Grant::as_staff, .token = {}};
    if (caller.unproven_cookie && !signature) return tl::unexpected(origin_required());
    // What is bound to a token for long is not bound to one that has just been revoked.
    const bool binds = signature || !opens_as_staff(caller.principal);
    if (binds && !caller.principal.owns(client_id)) refresh(caller.principal);
    auto opened = service_.open(caller.principal, {.client_id = client_id,
                                                   .signature = signature,
                                                   .visitor_token = caller.visitor_token,
                                                   .plantable = caller.plantable});
    const auto* visitor = caller.principal.visitor();
    if (visitor && opened && opened->grant != Grant::owned) identities_.forget(visitor->token_hash);
    return opened;
}

void Access::revoke(std::string_view token_hash) {
    service_.revoke(token_hash);
    identities_.forget(token_hash);
}

Result<void> Access::sign_out(Caller& caller,
                              std::string_view client_id,
                              const std::optional<Signature>& signature) {
    const auto allowed =
        signature ? check_address_ban(caller)
                        .and_then([&] { return allow_open(caller, client_id); })
                        .and_then([&] {
                            return check_signature(config_.auth.site_secret, client_id, *signature,
                                                   std::chrono::system_clock::now());
                        })
                  : permit(caller, {Operation::sign_out, client_id});
    if (allowed) service_.sign_out(client_id);
    return allowed;
}

}  // namespace livechat::api
