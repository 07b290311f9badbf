// livechat-wsd: Socket.IO and plain WebSocket clients of the chat.
#include <csignal>
#include <exception>
#include <iostream>

#include "base/log.hpp"
#include "base/program.hpp"
#include "daemon/daemon.hpp"

int main(int argc, char** argv) {
    const auto command_line = livechat::read_command_line(
        argc, argv, "livechat-wsd",
        "Serves the sockets of livechat (Socket.IO and plain WebSocket).",
        {{"--name", "wsd.name", "This daemon's name, which begins every session id"},
         {"--listen", "wsd.listen", "Where to listen: unix:/path or host:port"}});
    if (!command_line.config) return command_line.exit_code;
    std::signal(SIGPIPE, SIG_IGN);
    try {
        livechat::Daemon daemon(*command_line.config);
        daemon.run();
        return 0;
    } catch (const std::exception& error) {
        livechat::log::error("failed", {{"reason", error.what()}});
        return 1;
    }
}
