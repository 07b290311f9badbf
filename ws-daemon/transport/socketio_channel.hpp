// Socket.IO over an Engine.IO session: carries out what a sio::Connection decides and presents each
// namespace to the application as an app::Socket.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/application.hpp"
#include "socketio/connection.hpp"
#include "transport/channel.hpp"
#include "transport/loop.hpp"

namespace livechat::transport {

class SocketIoSocket;

class SocketIoChannel final : public Channel {
  public:
    SocketIoChannel(Loop& loop,
                    Carrier& carrier,
                    app::Application& application,
                    const Settings& settings);
    ~SocketIoChannel() override;

    void on_message(std::string data, bool binary) override;
    void on_close(std::string_view reason) override;
    Time next_deadline() const override { return connection_.wake_at(); }
    std::size_t held() const override { return connection_.held(); }
    void on_time(Time now) override;

  private:
    friend class SocketIoSocket;

    // One for each kind of input.
    void take(std::monostate) {}
    void take(sio::ConnectRequest request);
    void take(sio::EventPacket event);
    void take(sio::AckPacket ack);
    void take(const sio::Leave& leave);
    void take(sio::CloseReason reason);
    void send(std::string_view packet, app::Attachments attachments = {});
    std::shared_ptr<SocketIoSocket> find(std::string_view nsp) const;
    void remove(const SocketIoSocket& socket);

    Loop& loop_;
    Carrier& carrier_;
    app::Application& application_;
    sio::Connection connection_;
    std::vector<std::shared_ptr<SocketIoSocket>> sockets_;
};

class SocketIoSocket final : public app::Socket {
  public:
    SocketIoSocket(SocketIoChannel& channel, std::string nsp)
        : channel_(&channel), nsp_(std::move(nsp)) {}

    void accept(std::string_view pid) override;
    void refuse(std::string_view message, const app::Json& data) override;
    void emit(std::string_view event, const app::Json& args, app::Attachments attachments) override;
    void emit_with_ack(std::string_view event, const app::Json& args, AckHandler on_ack) override;
    void acknowledge(std::uint64_t ack_id,
                     const app::Json& args,
                     app::Attachments attachments) override;
    void disconnect(bool close_connection, std::string_view reason) override;
    std::size_t queued() const override { return channel_ ? channel_->carrier_.queued() : 0; }
    bool has_room() const override { return channel_ == nullptr || channel_->carrier_.has_room(); }
    bool connected() const override { return channel_ != nullptr; }
    void lift_limits() override {
        if (channel_) channel_->carrier_.lift_limits();
    }
    void deliver(const hub::SharedBroadcast& broadcast) override;

  private:
    friend class SocketIoChannel;

    static constexpr std::size_t kMaxAcksAsked = 1000;  // that the client has not answered
    static constexpr std::size_t kMaxAcksOwed = 10000;  // that the application has not answered

    struct AskedAck {
        std::uint64_t id;
        AckHandler on_ack;
    };

    void end();

    SocketIoChannel* channel_;  // null: over
    std::string nsp_;
    std::vector<std::uint64_t> owed_acks_;
    std::vector<AskedAck> asked_acks_;
    std::uint64_t next_ack_id_ = 0;
    bool accepted_ = false;
};

}  // namespace livechat::transport
