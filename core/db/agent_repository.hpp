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
    // Each kind of hash that is in use, as what stands before the salt:
    // "$argon2id$v=19$m=65536,t=2,p=1".
    std::vector<std::string> hash_parameters();

    // Error of kind duplicate when the username is taken.
    void insert(std::string_view username, std::string_view password_hash, Role role);
    // The database revokes his tokens with each of these.
    void set_password_hash(std::uint64_t id, std::string_view password_hash);
    // The same password in another hash, which revokes nothing. Not where it has changed meanwhile.
    void rehash(std::uint64_t id, std::string_view from, std::string_view to);
    void set_role(std::uint64_t id, Role role);
    void set_disabled(std::uint64_t id, bool disabled);
    // With his tokens and the addresses that are known of him; false: there is no such agent.
    bool remove(std::uint64_t id);

    // Keeps the newest few addresses of each agent.
    void remember_address(std::uint64_t id, std::string_view address);

  private:
    Connection& connection_;
};

}  // namespace livechat::db
