// livechat-wsd: Socket.IO and plain WebSocket clients of the chat.
#include <csignal>
#include <exception>
#include <iostream>

#include "base/log.hpp"
#include "base/memory.hpp"
#include "base/program.hpp"
#include "chat/readiness.hpp"
#include "daemon/daemon.hpp"

namespace {

// One that is away may come back; one that is wrong does not mend itself.
livechat::DatabaseState look_at_database(const livechat::Config& config) {
    const auto check = livechat::check_database_once(config.database);
    if (check.state == livechat::DatabaseState::wrong) {
        livechat::log::error("database_wrong", {{"reason", check.reason}});
    } else if (check.state == livechat::DatabaseState::unreachable) {
        livechat::log::warning("database_unreachable", {{"reason", check.reason}});
    }
    return check.state;
}

}  // namespace

int main(int argc, char** argv) {
    const auto read = [argc, argv] {
        return livechat::read_command_line(
            argc, argv, "livechat-wsd",
            "Serves the sockets of livechat (Socket.IO and plain WebSocket).",
            {{"--name", "wsd.name", "This daemon's name, which begins every session id"},
             {"--listen", "wsd.listen", "Where to listen: unix:/path or host:port"}});
    };
    const auto command_line = read();
    if (!command_line.config) return command_line.exit_code;
    std::signal(SIGPIPE, SIG_IGN);
    livechat::keep_little_memory();
    try {
        const auto state = look_at_database(*command_line.config);
        if (command_line.check_only) return state == livechat::DatabaseState::good ? 0 : 1;
        if (state == livechat::DatabaseState::wrong) return 1;
        livechat::Daemon daemon(*command_line.config, [&read] { return read().config; });
        daemon.run();
        return 0;
    } catch (const std::exception& error) {
        livechat::log::error("failed", {{"reason", error.what()}});
        return 1;
    }
}
