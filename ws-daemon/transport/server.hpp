// The WebSocket daemon's network side: Engine.IO and Socket.IO at one path, plain WebSocket at
// another, on any number of TCP and unix sockets (docs/protocol.md). All on the thread that runs
// the io_context; nothing here is thread-safe.
#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/application.hpp"
#include "transport/channel.hpp"
#include "transport/http_connection.hpp"
#include "transport/settings.hpp"

namespace livechat::transport {

class Server {
  public:
    // A small page of the daemon's own, for GET; nullopt: 404.
    using Pages = std::function<std::optional<HttpReply>(const HttpRequest& request)>;

    // Socket.IO and plain WebSocket for an application. All three must outlive the server.
    Server(asio::io_context& io, app::Application& application, Settings settings);
    // Engine.IO alone, for something else that speaks over it.
    Server(asio::io_context& io, ChannelFactory& factory, Settings settings);
    ~Server();

    // Serves clients. endpoint: "host:port" or "unix:/path". Gives the endpoint with the port that
    // was chosen for port 0. Throws std::runtime_error if it cannot listen.
    std::string listen(std::string_view endpoint);
    // The same on a socket that a service manager holds (base/handed_over.hpp); takes the
    // descriptor.
    std::string listen(int handed_over);
    // Serves only pages, so that health and metrics need not face the clients' network.
    std::string listen_pages(std::string_view endpoint, Pages pages);

    // Pages of these origins may connect from now on; those that are connected stay.
    void allow_origins(std::vector<std::string> origins);
    // How fast one client may send, also those that are there.
    void limit_input(eio::InputLimits limits);
    // So many sessions at once, of all clients and of one address, from now on; those that are
    // there stay.
    void limit_sessions(std::size_t all, std::size_t of_one_address);
    // No new clients from here on: at a socket that was handed over they wait for the successor,
    // elsewhere they are refused. Those that are there stay.
    void refuse_new();
    // Closes every client's connection, so that they come back by themselves.
    void close_all(std::string_view reason);
    // Accepts no new clients and closes every connection so that clients come back by themselves.
    // done: called once, when everybody has been told or `patience` is over.
    void stop(std::string_view reason,
              std::chrono::milliseconds patience,
              std::function<void()> done);

    const Counters& counters() const;
    // Bytes of what has come in half.
    std::size_t incoming() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace livechat::transport
