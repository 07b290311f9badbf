// The use cases of agents: signing in, and who they are. Throws db::Error as ChatService does. No
// state of its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.hpp"
#include "base/rate_table.hpp"
#include "base/shared_slots.hpp"
#include "db/agent_repository.hpp"
#include "db/connection.hpp"
#include "domain/access.hpp"
#include "domain/failure.hpp"

namespace livechat {

struct Credentials {
    std::string_view username;
    std::string_view password;
    std::string_view address;  // of the one who signs in
};

// What a login is held to.
struct LoginLimits {
    RateTable& rates;  // of the whole machine
    const AbuseConfig& abuse;
    SharedSlots& hashing;  // of all workers
    std::size_t hashes;    // that may be computed at once
};

struct LoggedIn {
    std::string token;
    std::string token_hash;
    std::string expires_at;
    std::string username;
    Role role = Role::agent;
};

class AgentService {
  public:
    AgentService(db::Connection& connection, const AuthConfig& auth)
        : connection_(connection), auth_(auth) {}

    // login_failed, the same for a wrong password, an unknown and a disabled agent, and as slow;
    // rate_limited after too many failures; busy while too many others sign in.
    //
    // The hash of the right password is renewed where its parameters are not those of today.
    //
    // Failures count against the address that they come from and, if the agent has never signed in
    // from there, against the account for all such addresses together. An address that the agent
    // has used counts for itself alone: strangers elsewhere cannot slow him down there.
    Result<LoggedIn> login(const Credentials& credentials,
                           const LoginLimits& limits,
                           RateTable::Clock::time_point now);

    std::vector<db::AgentRecord> list();
    // username_invalid, username_taken, password_invalid.
    Result<void> add(std::string_view username, std::string_view password, Role role);
    // Each of these ends the agent's tokens. not_found; password_invalid.
    Result<void> set_password(std::string_view username, std::string_view password);
    Result<void> set_role(std::string_view username, Role role);
    Result<void> set_disabled(std::string_view username, bool disabled);

    // With everything that was theirs; what they wrote stays. not_found.
    Result<void> remove(std::string_view username);

    // A token as login gives it, without a password: for the owner of the machine. not_found.
    Result<LoggedIn> issue_token(std::string_view username, std::chrono::seconds lifetime);
    // Signs him out everywhere. not_found.
    Result<void> revoke_tokens(std::string_view username);

  private:
    bool verify(const std::optional<db::SigningIn>& found, std::string_view password);
    LoggedIn issue(const db::AgentRecord& agent, std::chrono::seconds lifetime);
    template <class Change>
    Result<void> change(std::string_view username, Change change);

    db::Connection& connection_;
    const AuthConfig& auth_;
};

}  // namespace livechat
