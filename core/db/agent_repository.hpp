// SQL of the agents (sql/migrations, tables agent and agent_address). Throws db::Error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "domain/access.hpp"

namespace livechat::db {

struct AgentRecord {
    std::uint64_t id = 0;
    std::string username;
    std::string password_hash;
    Role role = Role::agent;
    bool disabled = false;
    std::string created_at;
};

struct SigningIn {
    AgentRecord agent;
    bool known_address = false;  // he has signed in from there before
};

class AgentRepository {
  public:
    explicit AgentRepository(Connection& connection) : connection_(connection) {}

    std::optional<AgentRecord> find(std::string_view username);
    std::optional<SigningIn> find_signing_in(std::string_view username, std::string_view address);
    std::vector<AgentRecord> list();

    // Error of kind duplicate when the username is taken.
    void insert(std::string_view username, std::string_view password_hash, Role role);
    // The database revokes his tokens with each of these.
    void set_password_hash(std::uint64_t id, std::string_view password_hash);
    void set_role(std::uint64_t id, Role role);
    void set_disabled(std::uint64_t id, bool disabled);

    // Keeps the newest few addresses of each agent.
    void remember_address(std::uint64_t id, std::string_view address);

  private:
    Connection& connection_;
};

}  // namespace livechat::db
