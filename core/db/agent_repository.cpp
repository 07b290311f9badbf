#include "db/agent_repository.hpp"

#include <utility>

#include "db/words.hpp"

namespace livechat::db {
namespace {

constexpr std::string_view kColumns =
    "SELECT a.id, a.username, a.password_hash, a.role, a.disabled, a.created_at";
constexpr std::uint64_t kAddresses = 20;

// None where it is not known what the agent may do.
std::optional<AgentRecord> read_agent(const Rows& rows) {
    const auto role = read_word("agent.role", rows.word(4), parse_role);
    if (!role) return std::nullopt;
    return AgentRecord{.id = rows.integer(1),
                       .username = rows.text(2),
                       .password_hash = rows.text(3),
                       .role = *role,
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
    auto agent = read_agent(rows);
    if (!agent) return std::nullopt;
    return SigningIn{*std::move(agent), !rows.is_null(7)};
}

std::vector<AgentRecord> AgentRepository::list() {
    static const std::string sql = std::string(kColumns) + " FROM agent a ORDER BY a.username";
    auto rows = connection_.query(sql);
    std::vector<AgentRecord> agents;
    while (rows.next()) {
        if (auto agent = read_agent(rows)) agents.push_back(*std::move(agent));
    }
    return agents;
}

std::vector<std::string> AgentRepository::hash_parameters() {
    auto rows = connection_.query(
        "SELECT DISTINCT SUBSTRING_INDEX(password_hash, '$', 4) FROM agent WHERE disabled = 0");
    std::vector<std::string> parameters;
    while (rows.next()) parameters.push_back(rows.text(1));
    return parameters;
}

void AgentRepository::insert(std::string_view username, std::string_view password_hash, Role role) {
    connection_.execute("INSERT INTO agent (username, password_hash, role) VALUES (?, ?, ?)",
                        {username, password_hash, to_string(role)});
}

void AgentRepository::set_password_hash(std::uint64_t id, std::string_view password_hash) {
    connection_.execute("UPDATE agent SET password_hash = ? WHERE id = ?", {password_hash, id});
}

void AgentRepository::rehash(std::uint64_t id, std::string_view from, std::string_view to) {
    connection_.execute(
        "UPDATE agent SET password_hash = ?, rehashed = rehashed + 1"
        " WHERE id = ? AND password_hash = ?",
        {to, id, from});
}

void AgentRepository::set_role(std::uint64_t id, Role role) {
    connection_.execute("UPDATE agent SET role = ? WHERE id = ?", {to_string(role), id});
}

void AgentRepository::set_disabled(std::uint64_t id, bool disabled) {
    connection_.execute("UPDATE agent SET disabled = ? WHERE id = ?",
                        {std::uint64_t{disabled}, id});
}

bool AgentRepository::remove(std::uint64_t id) {
    return connection_.execute("DELETE FROM agent WHERE id = ?", {id}) > 0;
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
