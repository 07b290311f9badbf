// Carries out what an eio::Session decides: answers its polls and POSTs, writes to its WebSocket,
// wakes it in time, and passes its messages to the channel.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engineio/session.hpp"
#include "transport/channel.hpp"
#include "transport/http_connection.hpp"
#include "transport/websocket.hpp"

namespace livechat::transport {

HttpReply to_reply(eio::Answer answer);

class EngineSession final : public Carrier,
                            public Timed,
                            public Holder,
                            public Deferred,
                            public Exchange::Owner,
                            public WebSocket::Owner,
                            public std::enable_shared_from_this<EngineSession> {
  public:
    // Where sessions are known by their sid.
    class Registry {
      public:
        virtual void forget(EngineSession& session) = 0;

      protected:
        ~Registry() = default;
    };

    EngineSession(std::shared_ptr<Loop> loop,
                  Registry& registry,
                  const Settings& settings,
                  eio::Session session,
                  app::Handshake handshake);
    ~EngineSession() override;

    const eio::Session& session() const { return session_; }

    // A new session: opens its channel, and on a WebSocket, says hello.
    void open(ChannelFactory& factory);

    void poll(const std::shared_ptr<Exchange>& exchange);
    void post_head(Exchange& exchange, std::size_t content_length);
    void post_body(const std::shared_ptr<Exchange>& exchange);
    // A WebSocket for this session: the one that it was opened with, or one that comes to upgrade.
    void carry_on(WebSocket& socket);
    void upgrade_to(WebSocket& socket);

    void send(eio::SharedFrame frame) override;
    void close(std::string_view reason) override;
    std::size_t queued() const override;
    bool has_room() const override { return settings_.has_room(queued()); }
    const app::Handshake& handshake() const override { return handshake_; }
    void reschedule() override;
    void lift_limits() override { rate_.lift(); }

    void on_exchange_gone(Exchange& exchange) override;
    void on_ws_message(std::string data, bool binary) override;
    Time on_ws_read(std::size_t messages, std::size_t bytes) override;
    void on_ws_gone(WebSocket& socket, std::string_view reason) override;
    std::size_t held() const override { return channel_ ? channel_->held() : 0; }

  private:
    void on_deadline(Time now) override;
    void give_up() override { close("overloaded"); }
    void run_deferred() override;
    Time read_again_at(std::size_t messages, std::size_t bytes, Time now);
    void apply(eio::Effects& effects, Exchange* request);
    void finish(eio::CloseReason reason);
    void let_go();

    std::shared_ptr<Loop> loop_;
    Registry& registry_;
    const Settings& settings_;
    eio::Session session_;
    eio::InputRate rate_;
    app::Handshake handshake_;
    std::unique_ptr<Channel> channel_;
    std::shared_ptr<Exchange> poll_;
    std::shared_ptr<Exchange> post_;  // whose body is coming in, or which waits for its answer
    WebSocket* websocket_ = nullptr;
    std::string close_reason_;                 // says more than the session's own
    std::unique_ptr<eio::Effects> postponed_;  // the session ended under a send()
    bool close_requested_ = false;
};

}  // namespace livechat::transport
