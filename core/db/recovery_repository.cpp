#include "db/recovery_repository.hpp"

#include <algorithm>
#include <optional>

#include "base/json.hpp"
#include "db/pieces.hpp"

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

std::optional<std::vector<RecoveryRoom>> rooms_from_json(const std::string& text) {
    const auto list = parse_json(text);
    if (!list || !list->is_array() || !std::ranges::all_of(*list, is_room)) return std::nullopt;
    std::vector<RecoveryRoom> rooms;
    for (const auto& room : *list) {
        rooms.push_back({room[0].get<std::string>(), room[1].get<std::uint64_t>()});
    }
    return rooms;
}

}  // namespace

void RecoveryRepository::save(std::span<const RecoveryRecord> records) {
    for_pieces(records, [&](auto piece) { save_at_once(piece); });
}

void RecoveryRepository::save_at_once(std::span<const RecoveryRecord> records) {
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

std::vector<RecoveryRecord> RecoveryRepository::find(std::span<const std::string_view> pid_hashes) {
    const auto values = in_list({pid_hashes.begin(), pid_hashes.end()});
    auto rows =
        connection_.query("SELECT pid_hash, joined_at, rooms FROM recovery WHERE pid_hash IN " +
                              placeholders(1, values.size()) + " FOR UPDATE",
                          values);
    std::vector<RecoveryRecord> records;
    while (rows.next()) {
        auto rooms = rooms_from_json(rows.text(3));
        if (rooms) records.push_back({rows.bytes(1), rows.integer(2), *std::move(rooms)});
    }
    return records;
}

void RecoveryRepository::remove(std::span<const RecoveryRecord> records) {
    std::vector<Value> hashes;
    for (const auto& record : records) hashes.emplace_back(std::string_view(record.pid_hash));
    const auto values = in_list(std::move(hashes));
    connection_.execute("DELETE FROM recovery WHERE pid_hash IN " + placeholders(1, values.size()),
                        values);
}

std::uint64_t RecoveryRepository::purge(std::uint64_t hours, std::uint64_t limit) {
    return connection_.execute(
        "DELETE FROM recovery WHERE created_at < UTC_TIMESTAMP(3) - INTERVAL ? HOUR"
        " ORDER BY created_at LIMIT ?",
        {hours, limit});
}

}  // namespace livechat::db
