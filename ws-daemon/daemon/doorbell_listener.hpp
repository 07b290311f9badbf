// Where the daemon hears the doorbell (base/doorbell.hpp).
#pragma once

#include <array>
#include <asio/generic/datagram_protocol.hpp>
#include <asio/io_context.hpp>
#include <functional>
#include <string>

namespace livechat {

class DoorbellListener {
  public:
    // endpoint: "unix:/path" (a socket that is left over there is replaced) or "host:port".
    // Throws std::runtime_error if it cannot listen. heard: on the event loop's thread.
    DoorbellListener(asio::io_context& io,
                     const std::string& endpoint,
                     std::function<void()> heard);
    ~DoorbellListener();
    DoorbellListener(const DoorbellListener&) = delete;
    DoorbellListener& operator=(const DoorbellListener&) = delete;

  private:
    void receive();
    void drain();

    std::string path_;  // of a unix socket
    asio::generic::datagram_protocol::socket socket_;
    std::function<void()> heard_;
};

}  // namespace livechat
