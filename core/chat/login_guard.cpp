#include "chat/login_guard.hpp"

namespace livechat {

LoginGuard::LoginGuard(RateTable& rates,
                       const AbuseConfig& abuse,
                       std::string_view username,
                       std::string_view peer,
                       bool known)
    : rates_(rates) {
    if (!abuse.enabled) return;
    const Rate by_address{.count = abuse.login_failures_per_address};
    if (known) {
        // Others at this address have a bucket of their own: they cannot empty the agent's by
        // guessing at anybody else's password.
        std::string pair(username);
        pair += '\0';
        pair += peer;
        buckets_[0] = {"login-known", std::move(pair), by_address};
        return;
    }
    buckets_[0] = {"login-address", std::string(peer), by_address};
    buckets_[1] = {
        "login-account", std::string(username), {.count = abuse.login_failures_per_account}};
}

std::optional<std::chrono::milliseconds> LoginGuard::admit(RateTable::Clock::time_point now) {
    const auto& [first, second] = buckets_;
    if (const auto wait = rates_.take(first.kind, first.name, first.rate, now)) return wait;
    if (const auto wait = rates_.take(second.kind, second.name, second.rate, now)) {
        rates_.give_back(first.kind, first.name, first.rate);
        return wait;
    }
    return std::nullopt;
}

void LoginGuard::forgive() {
    for (const auto& [kind, name, rate] : buckets_) rates_.give_back(kind, name, rate);
}

}  // namespace livechat
