#include "chat/login_guard.hpp"

#include <string>

#include "base/address.hpp"
#include "domain/allowances.hpp"

namespace livechat {

LoginGuard::LoginGuard(RateTable& rates,
                       const AbuseConfig& abuse,
                       std::string_view username,
                       std::string_view address,
                       bool known)
    : rates_(rates) {
    if (!abuse.enabled) return;
    const Rate of_address{.count = abuse.login_failures_per_address};
    if (known) {
        // Others at this address have a bucket of their own: they cannot empty the agent's by
        // guessing at another agent's password.
        std::string pair(username);
        pair += '\0';
        pair += peer_of(address);
        draws_ = {{"login-known", std::move(pair), of_address}};
        return;
    }
    draws_ = by_address("login-address", address, of_address);
    draws_.push_back(
        {"login-account", std::string(username), {.count = abuse.login_failures_per_account}});
}

std::optional<std::chrono::milliseconds> LoginGuard::admit(RateTable::Clock::time_point now) {
    return rates_.take(draws_, now);
}

void LoginGuard::forgive() { rates_.give_back(draws_); }

}  // namespace livechat
