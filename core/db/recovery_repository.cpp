#include "db/recovery_repository.hpp"

#include "base/json.hpp"

namespace livechat::db {
namespace {

// [["name",covered],…]
std::string rooms_to_json(const std::vector<RecoveryRoom>& rooms) {
    std::string json = "[";
    for (const auto& [name, covered] : rooms) {
        json += json.size() > 1 ? ",[" : "[";
        append_json_string(json, name);
        json += ',' + std::to_string(covered) + ']';
    }
    json += ']';
    return json;
}

bool is_room(const Json& room) {
    return room.is_array() && room.size() == 2 && room[0].is_string() &&
           room[1].is_number_unsigned();
}

}  // namespace

void RecoveryRepository::save(std::span<const RecoveryRecord> records) {
    std::vector<std::string> texts;
    texts.reserve(records.size());
    std::string sql = "INSERT INTO recovery (pid_hash, joined_at, rooms, created_at) VALUES ";
    std::vector<Value> values;
    for (const auto& record : records) {
        sql += values.empty() ? "" : ",";
        sql += "(?,?,?,UTC_TIMESTAMP(3))";
        values.emplace_back(std::string_view(record.pid_hash));
        values.emplace_back(record.joined_at);
        values.emplace_back(std::string_view(texts.emplace_back(rooms_to_json(record.rooms))));
    }
    sql +=
        " ON DUPLICATE KEY UPDATE joined_at = VALUES(joined_at), rooms = VALUES(rooms),"
        " created_at = VALUES(created_at)";
    connection_.execute(sql, values);
}

std::optional<RecoveryRecord> RecoveryRepository::take(std::string_view pid_hash) {
    auto rows =
        connection_.query("SELECT joined_at, rooms FROM recovery WHERE pid_hash = ?", {pid_hash});
    if (!rows.next()) return std::nullopt;
    RecoveryRecord record{std::string(pid_hash), rows.integer(1), {}};
    const auto rooms = parse_json(rows.text(2));
    if (connection_.execute("DELETE FROM recovery WHERE pid_hash = ?", {pid_hash}) == 0) {
        return std::nullopt;
    }
    if (!rooms || !rooms->is_array()) return std::nullopt;
    for (const auto& room : *rooms) {
        if (!is_room(room)) return std::nullopt;
        record.rooms.push_back({room[0].get<std::string>(), room[1].get<std::uint64_t>()});
    }
    return record;
}

std::uint64_t RecoveryRepository::purge(std::uint64_t hours, std::uint64_t limit) {
    return connection_.execute(
        "DELETE FROM recovery WHERE created_at < UTC_TIMESTAMP(3) - INTERVAL ? HOUR"
        " ORDER BY created_at LIMIT ?",
        {hours, limit});
}

}  // namespace livechat::db
