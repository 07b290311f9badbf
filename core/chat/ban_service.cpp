#include "chat/ban_service.hpp"

#include "base/utf8.hpp"
#include "chat/retry.hpp"
#include "db/ban_repository.hpp"
#include "domain/rules.hpp"

namespace livechat {
namespace {

constexpr std::size_t kReasonChars = 500;
constexpr std::uint64_t kPurged = 500;

// The value as it is kept.
Result<std::string> canonical(BanKind kind, std::string_view value, const Limits& limits) {
    if (kind == BanKind::client) {
        if (auto allowed = rules::check_client_id(value, limits); !allowed) {
            return tl::unexpected(allowed.error());
        }
        return std::string(value);
    }
    const auto network = parse_ban(value);
    if (!network) {
        return fail(ErrorCode::ban_invalid,
                    "an address is like 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32");
    }
    return to_string(*network);
}

}  // namespace

std::uint64_t BanService::version() {
    return with_retry([&] { return db::BanRepository(connection_).version(); });
}

std::vector<Ban> BanService::list(std::uint64_t limit) {
    return with_retry([&] { return db::BanRepository(connection_).list(limit); });
}

Result<Ban> BanService::add(BanKind kind,
                            std::string_view value,
                            std::string_view reason,
                            std::optional<std::chrono::seconds> lifetime) {
    const auto kept = canonical(kind, value, limits_);
    if (!kept) return tl::unexpected(kept.error());
    if (count_code_points(reason).value_or(kReasonChars + 1) > kReasonChars) {
        return fail(ErrorCode::ban_invalid, "reason has at most 500 characters");
    }
    return with_retry([&]() -> Result<Ban> {
        db::BanRepository bans(connection_);
        bans.put(kind, *kept, reason, lifetime);
        auto ban = bans.find(kind, *kept);
        if (!ban) return fail(ErrorCode::ban_invalid, "this ban is over already");
        return *std::move(ban);
    });
}

Result<void> BanService::remove(std::uint64_t id) {
    if (with_retry([&] { return db::BanRepository(connection_).remove(id); })) return {};
    return fail(ErrorCode::not_found, "there is no such ban");
}

std::uint64_t BanService::purge() {
    return with_retry([&] { return db::BanRepository(connection_).purge(kPurged); });
}

const BanList& BanWatch::current(BanService& service, Time now) {
    if (asked_at_ && now < *asked_at_ + cache_) return list_;
    // The version first: what changes while the list is read, is read again.
    const auto version = service.version();
    if (version != version_) {
        list_ = BanList(service.list(), now);
        version_ = version;
    }
    asked_at_ = now;
    return list_;
}

}  // namespace livechat
