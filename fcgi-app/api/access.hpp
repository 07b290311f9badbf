// Who makes a request, and whether he may: where REST meets the rules of access
// (domain/access.hpp), the limits and the bans. One for each worker.
//
// Identities are kept for auth.cache_ms. A refusal is never based on what is kept: another worker
// may just have given the visitor his session. Nothing here throws but db::Error.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "api/credentials.hpp"
#include "base/config.hpp"
#include "base/rate_table.hpp"
#include "base/shared_slots.hpp"
#include "chat/access_service.hpp"
#include "chat/agent_service.hpp"
#include "chat/ban_service.hpp"
#include "chat/identity_cache.hpp"
#include "db/connection.hpp"
#include "domain/access.hpp"
#include "domain/allowances.hpp"
#include "http/request.hpp"

namespace livechat::api {

// What a request brings, and what that proves once it was looked up.
struct Caller {
    explicit Caller(const http::Request& request);

    Credentials credentials;
    std::string_view address;
    // Cookies came along, but nothing shows that our pages sent them: they prove nothing.
    bool unproven_cookie = false;
    // The visitor's cookie came under the name that anyone may plant, where it should not: it opens
    // what it owns, and gets nothing more.
    bool plantable = false;

    Principal principal;
    std::string_view visitor_token;  // that proved principal.visitor(); of the request
};

Failure origin_required();

// What the workers share: made before they are forked.
struct SharedLimits {
    RateTable rates = RateTable::shared();
    SharedSlots hashing = {};
};

class Access {
  public:
    // shared: of all workers.
    Access(db::Connection& connection,
           const Config& config,
           SharedLimits& shared,
           std::function<void()> committed = {});

    // What a request brings; does not ask the database.
    Caller read(const http::Request& request) const;

    // Finds out who the caller is. Failures: unauthorized for a token in Authorization that is not
    // good (one in a cookie is as good as none), rate_limited for an address that has brought too
    // many of those, banned for a visitor's address.
    Result<void> identify(Caller& caller);

    // Identifies, and asks whether he may. Failures beside those: of may(), origin_required, and
    // banned for a visitor's clientId.
    Result<void> permit(Caller& caller, const Attempt& attempt);

    // For who wants to prove himself by other means.
    Result<void> check_address_ban(const Caller& caller);

    // Limits of one message, which count for visitors alone: rate_limited.
    Result<void> allow_send(const Caller& caller, std::string_view client_id, std::size_t bytes);

    // Limits of marking as read and closing, for visitors alone: rate_limited.
    Result<void> allow_mark(const Caller& caller);

    // Limits of bytes that are read, for visitors alone: rate_limited when too many were already.
    Result<void> allow_read(const Caller& caller);
    // Counts what was read.
    void count_read(const Caller& caller, std::size_t bytes);

    // Identifies, and opens the session: see AccessService::open. Failures beside those: banned,
    // rate_limited, origin_required.
    Result<Opened> open(Caller& caller,
                        std::string_view client_id,
                        const std::optional<Signature>& signature);

    // Ends the token.
    void revoke(std::string_view token_hash);
    // Ends all tokens of the clientId. Those may who manage access, bots of scope `visitor`, and
    // the site itself by its signature. Failures: of identify, permit and check_signature.
    Result<void> sign_out(Caller& caller,
                          std::string_view client_id,
                          const std::optional<Signature>& signature);

    AuthMode mode() const { return mode_; }
    const AuthConfig& auth() const { return config_.auth; }
    // Half of the workers may be busy with passwords.
    LoginLimits login_limits() {
        return {rates_, config_.abuse, hashing_, config_.fcgi.workers / 2};
    }

  private:
    using Clock = std::chrono::steady_clock;

    // What the token proves; none if it is invalid or expired. Failures: rate_limited.
    Result<std::optional<Identity>> prove(std::string_view token, std::string_view address);
    // The same of a cookie, in which only tokens of its kind count; adds it to the caller's.
    Result<void> prove_cookie(Caller& caller, std::string_view token, TokenKind kind);
    void refresh(Principal& principal);
    Result<void> check_client_ban(const Caller& caller, std::string_view client_id);
    Result<void> take(const Draws& draws);
    bool limits_reading(const Caller& caller) const;
    Result<void> allow_open(const Caller& caller, std::string_view client_id);

    const Config& config_;
    AuthMode mode_;
    RateTable& rates_;
    SharedSlots& hashing_;
    AccessService service_;
    BanService bans_;
    BanWatch ban_watch_;
    IdentityCache identities_;
};

}  // namespace livechat::api
