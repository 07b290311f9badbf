// What runs on top of the protocol layers. Called on the event loop thread only; must not block.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/socket.hpp"

namespace livechat::app {

// Why a client is not let in. retry_after: how long to wait before the next attempt; zero: it would
// not help.
struct Refusal {
    int status = 403;  // of HTTP: 403, or 429 with retry_after
    std::string message;
    std::chrono::milliseconds retry_after{0};
};

// How the peer came in: of the HTTP request that opened its session. Header values as received.
struct Handshake {
    std::string remote_address;  // of the peer, or of the client that a trusted proxy names
    std::string origin;
    std::string cookie;
    std::string user_agent;
    std::string request_id;  // X-Request-Id, for log lines
    bool secure = false;     // the client speaks TLS (X-Forwarded-Proto of a trusted proxy)
};

struct Event {
    std::string name;
    Json args = Json::array();  // without the name
    std::optional<std::uint64_t> ack_id;
    Attachments attachments;
};

class Application {
  public:
    virtual ~Application() = default;

    // An HTTP request that would open a session: a reason to refuse it (Engine.IO error 4), or
    // none.
    virtual std::optional<Refusal> refuse_handshake(const Handshake&) { return std::nullopt; }

    virtual bool has_namespace(std::string_view name) const { return name == "/"; }

    // A CONNECT to an existing namespace; auth is the client's payload, or {}. Answer with accept()
    // or refuse(), now or later; the protocol's connect timeout does not wait for it.
    virtual void on_connect(const std::shared_ptr<Socket>& socket,
                            const Handshake& handshake,
                            std::string_view nsp,
                            const Json& auth) = 0;

    // An event from a socket that was accepted.
    virtual void on_event(Socket& socket, Event event) = 0;

    // The socket is over, for whatever reason; called once for each on_connect, also for a socket
    // that was not accepted yet, but not after refuse(). reason: one of the catalogue of close
    // reasons.
    virtual void on_disconnect(Socket& socket, std::string_view reason) = 0;
};

}  // namespace livechat::app
