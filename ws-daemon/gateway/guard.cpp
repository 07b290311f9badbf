#include "gateway/guard.hpp"

#include "domain/allowances.hpp"

namespace livechat::gateway {
namespace {

constexpr std::chrono::minutes kWindow{1};

Failure banned() { return {ErrorCode::banned, "access is closed to you"}; }

tl::unexpected<Failure> rate_limited(std::chrono::milliseconds wait) {
    return tl::unexpected(Failure{ErrorCode::rate_limited, "too often; wait a moment", wait});
}

}  // namespace

Guard::Guard(AuthMode mode, const AbuseConfig& rates)
    : mode_(mode), rates_(rates), table_(RateTable::shared()) {}

std::optional<app::Refusal> Guard::refuse_connection(std::string_view address, Time now) {
    if (mode_ == AuthMode::open || address.empty()) return std::nullopt;
    const auto draws = by_address("connect", address, {rates_.connect_per_address, kWindow});
    if (const auto wait = take(draws, now)) {
        return app::Refusal{429, "Too many connections from this address", *wait};
    }
    return std::nullopt;
}

Result<void> Guard::count_entry(std::string_view address, Time now) {
    if (mode_ == AuthMode::open || address.empty()) return {};
    const auto draws = by_address("enter", address, {rates_.connect_per_address, kWindow});
    if (const auto wait = take(draws, now)) return rate_limited(*wait);
    return {};
}

Result<void> Guard::check_entry(const Peer& peer, Time now) const {
    if (bans_address(peer, now)) return tl::unexpected(banned());
    return {};
}

Result<void> Guard::check(const Peer& peer, const Attempt& attempt, Time now) const {
    if (auto allowed = may(mode_, peer.principal, attempt); !allowed) return allowed;
    if (bans_address(peer, now) || bans_room(peer, attempt.client_id, now)) {
        return tl::unexpected(banned());
    }
    return {};
}

Result<void> Guard::count(const Peer& peer, const Attempt& attempt, Time now) {
    const Identity* visitor = peer.principal.visitor();
    if (mode_ == AuthMode::open || peer.principal.is_staff() || !visitor) return {};
    const Doer doer{visitor->token_hash, peer.address};
    Draws draws;
    if (attempt.operation == Operation::join) {
        draws = to_join(rates_, doer);
    } else if (attempt.operation == Operation::send) {
        draws = to_send(rates_, doer, attempt.client_id, attempt.bytes);
    } else if (attempt.operation == Operation::mark_read) {
        draws = to_mark_read(doer);
    }
    if (const auto wait = take(draws, now)) return rate_limited(*wait);
    return {};
}

bool Guard::bans_address(const Peer& peer, Time now) const {
    return !peer.principal.is_staff() && bans_.bans_address(peer.address, now);
}

bool Guard::bans_room(const Peer& peer, std::string_view client_id, Time now) const {
    return mode_ == AuthMode::token && !peer.principal.is_staff() &&
           bans_.bans_client(client_id, now);
}

std::optional<std::chrono::milliseconds> Guard::take(std::span<const Draw> draws, Time now) {
    if (!rates_.enabled) return std::nullopt;
    return table_.take(draws, now);
}

}  // namespace livechat::gateway
