#include "db/agent_repository.hpp"

namespace livechat::db {
namespace {

constexpr std::string_view kColumns =
    "SELECT a.id, a.username, a.password_hash, a.role, a.disabled, a.created_at";
constexpr std::uint64_t kAddresses = 20;

AgentRecord read_agent(const Rows& rows) {
    return {.id = rows.integer(1),
            .username = rows.text(2),
            .password_hash = rows.text(3),
            .role = parse_role(rows.text(4)).value_or(Role::agent),
            .disabled = rows.integer(5) != 0,
            .created_at = rows.time(6)};
}

}  // namespace

std::optional<AgentRecord> AgentRepository::find(std::string_view username) {
    static const std::string sql = std::string(kColumns) + " FROM agent a WHERE a.username = ?";
    auto rows = connection_.query(sql, {username});
    if (!rows.next()) return std::nullopt;
    return read_agent(rows);
}

std::optional<SigningIn> AgentRepository::find_signing_in(std::string_view username,
                                                          std::string_view address) {
    // One statement, so that a username that does not exist takes no less time.
    static const std::string sql =
        std::string(kColumns) +
        ", k.agent_id FROM agent a"
        " LEFT JOIN agent_address k ON k.agent_id = a.id AND k.address = ?"
        " WHERE a.username = ?";
    auto rows = connection_.query(sql, {address, username});
    if (!rows.next()) return std::nullopt;
    return SigningIn{read_agent(rows), !rows.is_null(7)};
}

std::vector<AgentRecord> AgentRepository::list() {
    static const std::string sql = std::string(kColumns) + " FROM agent a ORDER BY a.username";
    auto rows = connection_.query(sql);
    std::vector<AgentRecord> agents;
    while (rows.next()) agents.push_back(read_agent(rows));
    return agents;
}

void AgentRepository::insert(std::string_view username, std::string_view password_hash, Role role) {
    connection_.execute("INSERT INTO agent (username, password_hash, role) VALUES (?, ?, ?)",
                        {username, password_hash, to_string(role)});
}

void AgentRepository::set_password_hash(std::uint64_t id, std::string_view password_hash) {
    connection_.execute("UPDATE agent SET password_hash = ? WHERE id = ?", {password_hash, id});
}

void AgentRepository::set_role(std::uint64_t id, Role role) {
    connection_.execute("UPDATE agent SET role = ? WHERE id = ?", {to_string(role), id});
}

void AgentRepository::set_disabled(std::uint64_t id, bool disabled) {
    connection_.execute("UPDATE agent SET disabled = ? WHERE id = ?",
                        {std::uint64_t{disabled}, id});
}

void AgentRepository::remember_address(std::uint64_t id, std::string_view address) {
    connection_.execute(
        "INSERT INTO agent_address (agent_id, address, last_login)"
        " VALUES (?, ?, UTC_TIMESTAMP(3))"
        " ON DUPLICATE KEY UPDATE last_login = VALUES(last_login)",
        {id, address});
    auto rows = connection_.query(
        "SELECT address FROM agent_address WHERE agent_id = ? ORDER BY last_login DESC LIMIT ?, 1",
        {id, kAddresses});
    if (!rows.next()) return;
    connection_.execute("DELETE FROM agent_address WHERE agent_id = ? AND address = ?",
                        {id, rows.text(1)});
}

}  // namespace livechat::db
