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
#include "chat/access_service.hpp"
#include "chat/ban_service.hpp"
#include "chat/identity_cache.hpp"
#include "db/connection.hpp"
#include "domain/access.hpp"
#include "http/request.hpp"

namespace livechat::api {

// What a request brings, and what that proves once somebody has looked.
struct Caller {
    explicit Caller(const http::Request& request);

    Credentials credentials;
    std::string_view address;
    std::string peer;  // see peer_of()
    // Cookies came along, but nothing shows that our pages sent them: they prove nothing.
    bool unproven_cookie = false;

    Principal principal;
    std::string_view visitor_token;  // that proved principal.visitor(); of the request
};

Failure origin_required();

class Access {
  public:
    // rates: of all workers.
    Access(db::Connection& connection,
           const Config& config,
           RateTable& rates,
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
    Result<void> allow_send(const Caller& caller, std::string_view client_id);

    // Identifies, and opens the session: see AccessService::open. Failures beside those: banned,
    // rate_limited, origin_required.
    Result<Opened> open(Caller& caller,
                        std::string_view client_id,
                        std::optional<std::string_view> signature);

    // Ends the token.
    void revoke(std::string_view token_hash);

    AuthMode mode() const { return mode_; }
    const AuthConfig& auth() const { return config_.auth; }
    const AbuseConfig& abuse() const { return config_.abuse; }
    RateTable& rates() { return rates_; }

  private:
    using Clock = std::chrono::steady_clock;

    // What the token proves; none if it is not good. Failures: rate_limited.
    Result<std::optional<Identity>> prove(std::string_view token, std::string_view peer);
    // The same of a cookie, in which only tokens of its kind count; adds it to the caller's.
    Result<void> prove_cookie(Caller& caller, std::string_view token, TokenKind kind);
    void refresh(Principal& principal);
    Result<void> check_client_ban(const Caller& caller, std::string_view client_id);
    Result<void> take(std::string_view kind, std::string_view name, std::uint32_t per_minute);
    Result<void> allow_open(const Caller& caller);

    const Config& config_;
    AuthMode mode_;
    RateTable& rates_;
    AccessService service_;
    BanService bans_;
    BanWatch ban_watch_;
    IdentityCache identities_;
};

}  // namespace livechat::api
