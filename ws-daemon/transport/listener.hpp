// A listening socket: TCP ("127.0.0.1:8081", "[::1]:0") or unix ("unix:/run/livechat/wsd.sock").
#pragma once

#include <asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "transport/loop.hpp"
#include "transport/stream.hpp"

namespace livechat::transport {

class Listener : public std::enable_shared_from_this<Listener> {
  public:
    // address: of the peer, as text; empty on a unix socket.
    using OnAccept = std::function<void(Stream::Socket socket, std::string address)>;

    // Takes over the connections of a socket that another process has opened and goes on to hold,
    // as service managers do (base/handed_over.hpp). fd: listening, non-blocking; owned from here
    // on.
    Listener(std::shared_ptr<Loop> loop, int fd, OnAccept on_accept);
    // Binds and listens. A unix socket file that no one listens on any more is replaced; mode: its
    // permissions. Throws std::runtime_error that names the endpoint and the reason.
    Listener(std::shared_ptr<Loop> loop,
             std::string_view endpoint,
             unsigned mode,
             OnAccept on_accept);
    ~Listener();

    // The endpoint it is bound to, with the port that the system chose for port 0.
    const std::string& endpoint() const { return endpoint_; }

    // When it stops, another process will accept new connections.
    bool has_successor() const { return handed_over_; }

    void start();
    void stop();

  private:
    void accept_all();

    std::shared_ptr<Loop> loop_;
    OnAccept on_accept_;
    asio::posix::stream_descriptor socket_;
    asio::steady_timer pause_;
    std::string endpoint_;
    std::string file_;
    int family_ = 0;
    bool handed_over_ = false;
    bool stopped_ = false;
};

}  // namespace livechat::transport
