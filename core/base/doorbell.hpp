// The doorbell: one empty datagram to each daemon after a commit, which says "look now" and nothing
// else. It takes the polling interval out of the latency; losing one costs nothing but that.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace livechat {

// "unix:/path" or "host:port" as a datagram socket knows it: the bytes of a sockaddr.
// Throws std::runtime_error for what is neither.
std::string datagram_address(const std::string& endpoint);

class Doorbell {
  public:
    // Throws std::runtime_error for an invalid endpoint. No endpoints: ring() does nothing.
    // secret: seals what is sent to host:port (base/sealed_datagram.hpp).
    Doorbell(const std::vector<std::string>& endpoints, std::string secret);
    ~Doorbell();
    Doorbell(const Doorbell&) = delete;
    Doorbell& operator=(const Doorbell&) = delete;

    // Never blocks, never fails: a daemon that cannot hear it looks by itself. Any thread.
    void ring() const noexcept { send({}); }

    // A datagram that says more than "look": daemons tell each other of what is never stored.
    void send(std::string_view datagram) const noexcept;

  private:
    struct Bell {
        int socket = -1;
        std::string address;
        bool sealed = false;
    };
    std::vector<Bell> bells_;
    std::string secret_;
};

}  // namespace livechat
