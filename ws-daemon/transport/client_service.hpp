// What a listener for clients serves: the rules of the Engine.IO endpoint on requests (which are
// handshakes, which belong to a session, which are refused and how), and the plain WebSocket
// endpoint.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "app/application.hpp"
#include "engineio/session_table.hpp"
#include "transport/engine_session.hpp"
#include "transport/http_connection.hpp"
#include "transport/plain_socket.hpp"

namespace livechat::transport {

class ClientService final : public HttpService,
                            public EngineSession::Registry,
                            public PlainSocket::Registry {
  public:
    // application: of the plain WebSocket endpoint; null: there is none. All must outlive the
    // service.
    ClientService(std::shared_ptr<Loop> loop,
                  ChannelFactory& channels,
                  app::Application* application,
                  const Settings& settings);

    void on_head(Exchange& exchange, const HttpRequest& head) override;
    void on_request(const std::shared_ptr<Exchange>& exchange) override;
    void on_upgrade(Exchange& exchange, Stream& stream, std::string rest) override;

    // Ends all sessions.
    void close_all(std::string_view reason);
    // As many as this may be there from now on; those who are there may stay.
    void limit_sessions(eio::TableLimits limits) { sessions_.set_limits(limits); }
    // New sessions are refused from here on.
    void refuse_new() { closing_ = true; }
    bool empty() const { return sessions_.size() == 0 && plain_.empty(); }

    void forget(EngineSession& session) override;
    void forget(PlainSocket& socket) override;

  private:
    std::shared_ptr<EngineSession> find(const HttpRequest& request) const;
    std::optional<eio::Answer> refusal(const HttpRequest& request) const;
    std::shared_ptr<EngineSession> handshake(Exchange& exchange, eio::Transport transport);
    // False, and the request was answered, if it comes from a page that may not talk to us.
    bool welcomes_page(Exchange& exchange, const HttpRequest& request) const;
    bool comes_over_tls(const Exchange& exchange) const;
    bool admits(Exchange& exchange, const app::Handshake& handshake);
    WebSocket* take_over(Exchange& exchange, Stream& stream, std::string_view subprotocol);
    void open_plain(Exchange& exchange, Stream& stream, std::string rest);
    app::Handshake describe(const Exchange& exchange) const;

    std::shared_ptr<Loop> loop_;
    ChannelFactory& channels_;
    app::Application* application_;
    const Settings& settings_;
    eio::SessionSettings session_settings_;
    eio::SessionTable<EngineSession> sessions_;
    std::unordered_map<PlainSocket*, std::shared_ptr<PlainSocket>> plain_;
    bool closing_ = false;
};

}  // namespace livechat::transport
