// livechat-wsd put together: the event loop with its sockets, the hub and the gateway; the feed and
// the database threads around it.
#pragma once

#include <memory>

#include "base/config.hpp"

namespace livechat {

class Daemon {
  public:
    // Throws std::runtime_error, with a sentence for people, if it cannot listen.
    explicit Daemon(const Config& config);
    ~Daemon();

    // Serves until SIGTERM or SIGINT, tells its clients, and returns.
    void run();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace livechat
