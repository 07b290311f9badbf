// Finds out what of a livechat is there, and makes what is not.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "db/connection.hpp"
#include "setup/steps.hpp"

namespace livechat::admin {

class Setup {
  public:
    // server: how to reach the database server as an account that may do all of this; no database
    // is chosen. migrations: their folder.
    Setup(Wanted wanted, DatabaseConfig server, std::filesystem::path migrations);

    // Asks the server and looks into the files; changes nothing. account_host of `wanted` is filled
    // in where it is empty.
    Found look();
    const Wanted& wanted() const { return wanted_; }

    // agent_password: asked for when it is needed.
    void perform(Action action, const std::function<std::string()>& agent_password);

  private:
    bool password_works(const std::string& password) const;
    std::vector<std::string> lacking_migrations();
    bool has_agent();
    // Writes a new random password into its file; gives it as an SQL literal.
    std::string new_password();
    void change_password();
    std::string account() const;  // of the programs, as SQL
    void add_agent(const std::string& password);
    DatabaseConfig server_with_database() const;

    Wanted wanted_;
    DatabaseConfig server_config_;
    db::Connection server_;
    std::filesystem::path migrations_;
};

// Whether the packages' services are there to be started, and whether they run.
bool has_services();
bool services_run();
void start_services();

}  // namespace livechat::admin
