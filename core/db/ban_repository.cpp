#include "db/ban_repository.hpp"

#include <string>
#include <utility>

#include "db/words.hpp"

namespace livechat::db {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, kind, value, reason, created_at, expires_at,"
    " TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), expires_at) FROM ban"
    " WHERE (expires_at IS NULL OR expires_at > UTC_TIMESTAMP(3))";

// None where it is not known what is banned.
std::optional<Ban> read_ban(const Rows& rows) {
    const auto kind = read_word("ban.kind", rows.word(2), parse_ban_kind);
    if (!kind) return std::nullopt;
    Ban ban;
    ban.id = rows.integer(1);
    ban.kind = *kind;
    ban.value = rows.text(3);
    ban.reason = rows.text(4);
    ban.created_at = rows.time(5);
    if (!rows.is_null(6)) {
        ban.expires_at = rows.time(6);
        ban.expires_in = std::chrono::seconds(rows.integer(7));
    }
    return ban;
}

}  // namespace

std::uint64_t BanRepository::version() {
    auto rows = connection_.query("SELECT bans FROM access_state WHERE only_row = 1");
    return rows.next() ? rows.integer(1) : 0;
}

std::vector<Ban> BanRepository::list(std::uint64_t limit) {
    static const std::string sql = std::string(kSelect) + " ORDER BY id DESC LIMIT ?";
    auto rows = connection_.query(sql, {limit});
    std::vector<Ban> bans;
    while (rows.next()) {
        if (auto ban = read_ban(rows)) bans.push_back(*std::move(ban));
    }
    return bans;
}

std::optional<Ban> BanRepository::find(BanKind kind, std::string_view value) {
    static const std::string sql = std::string(kSelect) + " AND kind = ? AND value = ?";
    auto rows = connection_.query(sql, {to_string(kind), value});
    if (!rows.next()) return std::nullopt;
    return read_ban(rows);
}

void BanRepository::put(BanKind kind,
                        std::string_view value,
                        std::string_view reason,
                        std::optional<std::chrono::seconds> lifetime) {
    connection_.execute(
        "INSERT INTO ban (kind, value, reason, expires_at)"
        " VALUES (?, ?, ?, UTC_TIMESTAMP(3) + INTERVAL ? SECOND)"
        " ON DUPLICATE KEY UPDATE reason = VALUES(reason), expires_at = VALUES(expires_at)",
        {to_string(kind), value, reason,
         lifetime ? Value(static_cast<std::uint64_t>(lifetime->count())) : Value()});
}

bool BanRepository::remove(std::uint64_t id) {
    return connection_.execute("DELETE FROM ban WHERE id = ?", {id}) > 0;
}

std::uint64_t BanRepository::purge(std::uint64_t limit) {
    return connection_.execute("DELETE FROM ban WHERE expires_at < UTC_TIMESTAMP(3) LIMIT ?",
                               {limit});
}

}  // namespace livechat::db
