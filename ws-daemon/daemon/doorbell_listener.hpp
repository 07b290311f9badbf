// Where the daemon hears the doorbell (base/doorbell.hpp).
#pragma once

#include <asio/generic/datagram_protocol.hpp>
#include <asio/io_context.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace livechat {

class DoorbellListener {
  public:
    // Called on the event loop's thread: rung once for however many rings have come, told for each
    // datagram that says more than "look".
    struct Ears {
        std::function<void()> rung;
        std::function<void(std::string_view datagram)> told;
    };

    // endpoint: "unix:/path" (a socket that is left over there is replaced) or "host:port", where
    // only what is sealed with the secret is heard (base/sealed_datagram.hpp). Throws
    // std::runtime_error if it cannot listen, or would have to believe everybody.
    DoorbellListener(asio::io_context& io,
                     const std::string& endpoint,
                     const std::string& secret,
                     Ears ears);
    ~DoorbellListener();
    DoorbellListener(const DoorbellListener&) = delete;
    DoorbellListener& operator=(const DoorbellListener&) = delete;

  private:
    void receive();
    // Returns whether it rang.
    bool drain();
    // What is said; nullopt: it is not from one of us.
    std::optional<std::string_view> believe(std::string_view datagram);

    std::string path_;  // of a unix socket
    asio::generic::datagram_protocol::socket socket_;
    std::string secret_;
    Ears ears_;
    bool refused_ = false;  // a datagram, which was logged
};

}  // namespace livechat
