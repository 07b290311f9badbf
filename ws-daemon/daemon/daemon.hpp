// livechat-wsd put together: the event loop with its sockets, the hub and the gateway; the feed and
// the database threads around it.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/config.hpp"

namespace livechat {

class Daemon {
  public:
    // Reads the configuration again; nullopt: it is bad, and the callee has said why.
    using ReadAgain = std::function<std::optional<Config>()>;

    // Throws std::runtime_error, with a sentence for people, if it cannot listen.
    Daemon(const Config& config, ReadAgain read_again);
    ~Daemon();

    // Serves until SIGTERM or SIGINT; then writes and acknowledges what its sockets have sent,
    // tells its clients, and returns. SIGHUP takes over what a reload may change
    // (docs/operations.md), SIGUSR1 and SIGUSR2 change the level of the log.
    void run();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace livechat
