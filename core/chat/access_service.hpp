// The use cases of tokens and of whose a session is (docs/security.md). Callers that ask often keep
// the answers for a while: IdentityCache, and the daemon's sockets.
//
// Throws db::Error as ChatService does. No state of its own.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.hpp"
#include "db/connection.hpp"
#include "db/token_repository.hpp"
#include "domain/access.hpp"
#include "domain/failure.hpp"
#include "domain/signature.hpp"

namespace livechat {

// A wish to open a session.
struct OpeningRequest {
    std::string_view client_id;          // within the rules
    std::optional<Signature> signature;  // as it came
    // The visitor's token that proved the principal's visitor(), if there is one.
    std::string_view visitor_token;
    // What becomes the caller's gets a token of its own: who planted that one must not get it.
    bool plantable = false;
};

struct Opened {
    Grant grant = Grant::as_staff;
    // For the owner alone; none for staff.
    std::optional<std::string> token;
    bool renewed = false;  // the token is new, or its end is: set the cookie again
};

class AccessService {
  public:
    // Good at once, of one clientId that the site has signed: each device and each page that was
    // loaded has one.
    static constexpr std::uint64_t kProvenTokens = 20;

    // committed: called when a session was made, as ChatService does; may be empty.
    AccessService(db::Connection& connection,
                  const AuthConfig& auth,
                  std::function<void()> committed = {})
        : connection_(connection), auth_(auth), committed_(std::move(committed)) {}

    // What a token proves; none for one that is unknown, revoked, expired, or no token at all. One
    // read by keys, and none for what has not the form of a token.
    std::optional<Identity> authenticate(std::string_view token);

    // Of tokens that were good, what they prove now; those that prove nothing any more are left
    // out.
    std::vector<Identity> refresh(std::span<const std::string> token_hashes);

    // Hashes of the tokens that were revoked in the last so many seconds. (Not of rows that
    // was deleted: refresh() reports those.)
    std::vector<std::string> revoked_within(std::chrono::seconds time);

    // Decides who may open the session and, where it becomes the caller's, makes the session and a
    // token. ChatService::initialize comes after it. Failures: of may_open and check_signature,
    // too_many_sessions.
    //
    // A good signature always gives a new token, which owns nothing else: one that the browser
    // brought along may be known to someone else. Of each clientId kProvenTokens of these stay
    // good; those that would end first make room. An expired signature is as good as none to the
    // session's owner.
    Result<Opened> open(const Principal& principal, const OpeningRequest& request);

    // Ends the token.
    void revoke(std::string_view token_hash);
    // Ends all tokens that own the session, if there is one.
    void sign_out(std::string_view client_id);

    // API tokens. lifetime: none: until it is revoked. The answer is the token, which no one can
    // read again.
    Result<std::string> issue_bot_token(std::string_view name,
                                        Scopes scopes,
                                        std::optional<std::chrono::seconds> lifetime);
    // Those of agents and bots, newest first.
    std::vector<db::ListedToken> list_tokens(std::uint64_t limit);
    // not_found, also when it was revoked before.
    Result<void> revoke_token(std::uint64_t id);

    // Removes a part of what has been over for a week; returns how many rows.
    std::uint64_t purge();

  private:
    Result<Opened> open_owned(const Principal& principal, const OpeningRequest& request);
    Opened open_proven(const Principal& principal, const OpeningRequest& request, bool& made);
    Result<Opened> try_open(const Principal& principal, const OpeningRequest& request, bool& made);
    std::string issue_visitor_token();

    db::Connection& connection_;
    const AuthConfig& auth_;
    std::function<void()> committed_;
};

}  // namespace livechat
