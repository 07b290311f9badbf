#include "gateway/guard.hpp"

#include <algorithm>
#include <vector>

#include "domain/address.hpp"

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
    const Bucket bucket{"connect", peer_of(address), rates_.connect_per_address};
    if (const auto wait = take({&bucket, 1}, now)) {
        return app::Refusal{429, "Too many connections from this address", *wait};
    }
    return std::nullopt;
}

Result<void> Guard::count_entry(std::string_view address, Time now) {
    if (mode_ == AuthMode::open || address.empty()) return {};
    const Bucket bucket{"enter", peer_of(address), rates_.connect_per_address};
    if (const auto wait = take({&bucket, 1}, now)) return rate_limited(*wait);
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
    std::vector<Bucket> buckets;
    const auto from = peer.address.empty() ? std::string() : peer_of(peer.address);
    if (attempt.operation == Operation::join) {
        buckets = {{"join.visitor", visitor->token_hash, rates_.join_per_visitor},
                   {"join.address", from, rates_.join_per_address}};
    } else if (attempt.operation == Operation::send) {
        buckets = {{"send.visitor", visitor->token_hash, rates_.send_per_visitor},
                   {"send.session", std::string(attempt.client_id), rates_.send_per_session},
                   {"send.address", from, rates_.send_per_address}};
    }
    if (from.empty() && !buckets.empty()) buckets.pop_back();
    if (const auto wait = take(buckets, now)) return rate_limited(*wait);
    return {};
}

bool Guard::bans_address(const Peer& peer, Time now) const {
    return !peer.principal.is_staff() && bans_.bans_address(peer.address, now);
}

bool Guard::bans_room(const Peer& peer, std::string_view client_id, Time now) const {
    return mode_ == AuthMode::token && !peer.principal.is_staff() &&
           bans_.bans_client(client_id, now);
}

std::optional<std::chrono::milliseconds> Guard::take(std::span<const Bucket> buckets, Time now) {
    if (!rates_.enabled) return std::nullopt;
    std::optional<std::chrono::milliseconds> longest;
    for (const auto& [kind, name, per_minute] : buckets) {
        longest = std::max(longest, table_.peek(kind, name, {per_minute, kWindow}, now));
    }
    if (longest) return longest;
    for (const auto& [kind, name, per_minute] : buckets) {
        table_.take(kind, name, {per_minute, kWindow}, now);
    }
    return std::nullopt;
}

}  // namespace livechat::gateway
