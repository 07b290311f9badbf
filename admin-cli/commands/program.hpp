// What every command of livechat-admin works with: the common options, the configuration, the
// connections. Made once by main; commands put what they do into `action`.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/config.hpp"
#include "base/doorbell.hpp"
#include "base/json.hpp"
#include "chat/chat_service.hpp"
#include "db/connection.hpp"
#include "terminal/exit.hpp"

namespace livechat::admin {

struct CommonOptions {
    std::string config_file = "/etc/livechat/livechat.toml";
    std::vector<std::string> overrides;
    bool json = false;
    bool yes = false;
    // How to reach the server as an account that may do more than the programs' own.
    std::string defaults_file;
    std::string server_user;
    std::string server_password_file;
    std::string migrations = LIVECHAT_DATA_DIR "/migrations";
};

class Program {
  public:
    CommonOptions options;
    // What the command line asks for; returns the exit status.
    std::function<int()> action;

    // The file with its overrides; Stop(kBadUsage) for what is wrong in it.
    const Config& config();
    // The same for commands that look at the secrets themselves: they need not be there yet.
    Config config_without_secrets();
    // As the programs' own account, to their database.
    db::Connection& database();
    // A ChatService over it, which rings the daemons' doorbells.
    ChatService& chat();
    // After a commit of one's own that daemons shall hear of at once.
    void ring();

    // The account that may change the schema: of the option file, the one that was named, or root
    // (through the socket). Asks for the password where the server wants one and a person can be
    // asked. with_database false: to the server, before the database exists.
    DatabaseConfig server_account(bool with_database = true);
    // The same on the server that is said to be `place`; without a database.
    DatabaseConfig server_account_of(DatabaseConfig place);

    // Prints the value, or what `text` gives without --json.
    void print(const Json& value, const std::function<std::string()>& text) const;

  private:
    std::optional<Config> config_;
    std::unique_ptr<db::Connection> database_;
    std::unique_ptr<Doorbell> doorbell_;
    std::unique_ptr<ChatService> chat_;
};

// What a use case gives, or Stop with what it says.
template <class T>
T value_of(Result<T> result) {
    if (!result) throw Stop(result.error().message);
    if constexpr (!std::is_void_v<T>) return *std::move(result);
}

// What went wrong with the database, as a sentence that says what to do.
Stop explain(const db::Error& error,
             const DatabaseConfig& database,
             const std::string& config_file);

// Adds a subcommand. `run` is called after the whole command line was read.
CLI::App* add_command(CLI::App& parent,
                      Program& program,
                      const std::string& name,
                      const std::string& about,
                      std::function<int()> run);

}  // namespace livechat::admin
