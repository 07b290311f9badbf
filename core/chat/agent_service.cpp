#include "chat/agent_service.hpp"

#include <algorithm>

#include "base/address.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "chat/login_guard.hpp"
#include "chat/retry.hpp"
#include "db/token_repository.hpp"

namespace livechat {
namespace {

using std::chrono::seconds;

// Hashing takes longer the longer the text is.
constexpr std::size_t kLongestPassword = 1024;

tl::unexpected<Failure> no_agent() { return fail(ErrorCode::not_found, "there is no such agent"); }

// Of a login that others hold up: how long until it makes sense to try again.
constexpr std::chrono::seconds kBusyRetry{1};

}  // namespace

bool AgentService::verify(const std::optional<db::SigningIn>& found, std::string_view password) {
    if (password.size() > kLongestPassword) password = {};
    // Asked for in any case, so that a known username takes no less time.
    const auto in_use =
        with_retry([&] { return db::AgentRepository(connection_).hash_parameters(); });
    if (found && state_of_hash(found->agent.password_hash) != HashState::unreadable) {
        return verify_password(found->agent.password_hash, password) && !found->agent.disabled;
    }
    if (found) log::warning("password_hash_unreadable", {{"agent", found->agent.id}});
    const auto costliest = std::ranges::max_element(in_use, {}, cost_of);
    return costliest == in_use.end() ? verify_no_password(password)
                                     : verify_no_password(password, *costliest);
}

Result<LoggedIn> AgentService::login(const Credentials& credentials,
                                     const LoginLimits& limits,
                                     RateTable::Clock::time_point now) {
    const auto peer = peer_of(credentials.address);
    const auto found = with_retry([&] {
        return db::AgentRepository(connection_).find_signing_in(credentials.username, peer);
    });
    // Hashing takes a core for a tenth of a second, in a worker that others wait for.
    const auto slot = limits.hashing.take(limits.hashes);
    if (!slot) {
        return tl::unexpected(
            Failure{ErrorCode::busy, "many sign in at this moment; try again", kBusyRetry});
    }
    LoginGuard guard(limits.rates, limits.abuse, credentials.username, credentials.address,
                     found && found->known_address);
    if (const auto wait = guard.admit(now)) {
        return tl::unexpected(Failure{ErrorCode::rate_limited,
                                      "too many failed logins; wait before the next", *wait});
    }
    if (!verify(found, credentials.password)) {
        return fail(ErrorCode::login_failed, "username or password is wrong");
    }
    guard.forgive();
    const auto& agent = found->agent;
    if (state_of_hash(agent.password_hash) == HashState::outdated) {
        const auto hash = hash_password(credentials.password);
        with_retry(
            [&] { db::AgentRepository(connection_).rehash(agent.id, agent.password_hash, hash); });
    }
    auto logged_in = issue(agent, std::chrono::duration_cast<seconds>(auth_.agent_token));
    with_retry([&] { db::AgentRepository(connection_).remember_address(agent.id, peer); });
    return logged_in;
}

LoggedIn AgentService::issue(const db::AgentRecord& agent, seconds lifetime) {
    LoggedIn logged_in{.token = new_token(prefix_of(TokenKind::agent)),
                       .token_hash = {},
                       .expires_at = {},
                       .username = agent.username,
                       .role = agent.role};
    logged_in.token_hash = sha256(logged_in.token);
    with_retry([&] {
        db::TokenRepository tokens(connection_);
        tokens.insert({.hash = logged_in.token_hash,
                       .kind = TokenKind::agent,
                       .agent_id = agent.id,
                       .lifetime = lifetime});
    });
    logged_in.expires_at = with_retry(
        [&] { return db::TokenRepository(connection_).expiry(logged_in.token_hash).value_or(""); });
    return logged_in;
}

std::vector<db::AgentRecord> AgentService::list() {
    return with_retry([&] { return db::AgentRepository(connection_).list(); });
}

Result<void> AgentService::add(std::string_view username, std::string_view password, Role role) {
    if (auto allowed = check_username(username); !allowed) return allowed;
    if (auto allowed = check_password(password); !allowed) return allowed;
    const auto hash = hash_password(password);
    try {
        db::AgentRepository(connection_).insert(username, hash, role);
    } catch (const db::Error& error) {
        if (error.kind() != db::ErrorKind::duplicate) throw;
        return fail(ErrorCode::username_taken, "there is an agent of this name");
    }
    return {};
}

template <class Change>
Result<void> AgentService::change(std::string_view username, Change change) {
    return with_retry([&]() -> Result<void> {
        db::AgentRepository agents(connection_);
        const auto agent = agents.find(username);
        if (!agent) return no_agent();
        change(agents, agent->id);
        return {};
    });
}

Result<void> AgentService::set_password(std::string_view username, std::string_view password) {
    if (auto allowed = check_password(password); !allowed) return allowed;
    const auto hash = hash_password(password);
    return change(username, [&](db::AgentRepository& agents, std::uint64_t id) {
        agents.set_password_hash(id, hash);
    });
}

Result<void> AgentService::set_role(std::string_view username, Role role) {
    return change(username, [&](db::AgentRepository& agents, std::uint64_t id) {
        agents.set_role(id, role);
    });
}

Result<void> AgentService::set_disabled(std::string_view username, bool disabled) {
    return change(username, [&](db::AgentRepository& agents, std::uint64_t id) {
        agents.set_disabled(id, disabled);
    });
}

Result<void> AgentService::remove(std::string_view username) {
    return change(username,
                  [&](db::AgentRepository& agents, std::uint64_t id) { agents.remove(id); });
}

Result<LoggedIn> AgentService::issue_token(std::string_view username, seconds lifetime) {
    const auto agent = with_retry([&] { return db::AgentRepository(connection_).find(username); });
    if (!agent) return no_agent();
    return issue(*agent, lifetime);
}

Result<void> AgentService::revoke_tokens(std::string_view username) {
    return change(username, [&](db::AgentRepository&, std::uint64_t id) {
        db::TokenRepository(connection_).revoke_all_of(id);
    });
}

}  // namespace livechat
