#include "transport/socketio_channel.hpp"

#include <algorithm>
#include <asio/post.hpp>
#include <utility>

#include "base/ids.hpp"
#include "transport/broadcast_slots.hpp"
#include "transport/websocket_codec.hpp"

namespace livechat::transport {
namespace {

constexpr char kMessage = '4';  // Engine.IO's packet type
constexpr std::size_t kSidBytes = 15;

}  // namespace

SocketIoChannel::SocketIoChannel(Loop& loop,
                                 Carrier& carrier,
                                 app::Application& application,
                                 const Settings& settings)
    : loop_(loop),
      carrier_(carrier),
      application_(application),
      connection_(
          Loop::now(), settings.connect_timeout, {settings.max_payload, settings.max_depth}) {}

SocketIoChannel::~SocketIoChannel() {
    for (const auto& socket : sockets_) socket->end();
}

void SocketIoChannel::on_message(std::string data, bool binary) {
    auto input = binary ? connection_.on_binary(std::move(data)) : connection_.on_text(data);
    std::visit([this](auto&& one) { take(std::move(one)); }, std::move(input));
}

void SocketIoChannel::on_close(std::string_view reason) {
    for (const auto& socket : std::exchange(sockets_, {})) {
        socket->end();
        application_.on_disconnect(*socket, reason);
    }
}

void SocketIoChannel::on_time(Time now) {
    if (const auto reason = connection_.on_time(now)) carrier_.close(to_string(*reason));
}

void SocketIoChannel::take(sio::ConnectRequest request) {
    if (!application_.has_namespace(request.nsp)) {
        send(sio::encode_connect_error(request.nsp, "Invalid namespace", nullptr));
        connection_.refused(request.nsp);
        return;
    }
    const auto socket = std::make_shared<SocketIoSocket>(*this, request.nsp);
    sockets_.push_back(socket);
    ++loop_.counters().sockets;
    application_.on_connect(socket, carrier_.handshake(), request.nsp, request.auth);
}

void SocketIoChannel::take(sio::EventPacket event) {
    const auto socket = find(event.nsp);
    if (!socket) return;
    if (event.ack_id) {
        if (socket->owed_acks_.size() >= SocketIoSocket::kMaxAcksOwed) {
            carrier_.close("too_many_acks");
            return;
        }
        socket->owed_acks_.push_back(*event.ack_id);
    }
    application_.on_event(*socket, {std::move(event.name), std::move(event.args), event.ack_id,
                                    std::move(event.attachments)});
}

void SocketIoChannel::take(sio::AckPacket ack) {
    const auto socket = find(ack.nsp);
    if (!socket) return;
    const auto asked =
        std::ranges::find(socket->asked_acks_, ack.id, &SocketIoSocket::AskedAck::id);
    if (asked == socket->asked_acks_.end()) return;
    const auto on_ack = std::move(asked->on_ack);
    socket->asked_acks_.erase(asked);
    on_ack(ack.args, std::move(ack.attachments));
}

void SocketIoChannel::take(const sio::Leave& leave) {
    const auto socket = find(leave.nsp);
    if (!socket) return;
    remove(*socket);
    socket->end();
    application_.on_disconnect(*socket, "client_disconnect");
}

void SocketIoChannel::take(sio::CloseReason reason) { carrier_.close(to_string(reason)); }

void SocketIoChannel::send(std::string_view packet, app::Attachments attachments) {
    ++loop_.counters().messages_out;
    carrier_.send(make_frame(Opcode::text, packet, kMessage));
    for (const std::string& attachment : attachments) {
        carrier_.send(make_frame(Opcode::binary, attachment));
    }
}

std::shared_ptr<SocketIoSocket> SocketIoChannel::find(std::string_view nsp) const {
    const auto found =
        std::ranges::find_if(sockets_, [&](const auto& socket) { return socket->nsp_ == nsp; });
    return found == sockets_.end() ? nullptr : *found;
}

void SocketIoChannel::remove(const SocketIoSocket& socket) {
    std::erase_if(sockets_, [&](const auto& one) { return one.get() == &socket; });
}

void SocketIoSocket::accept(std::string_view pid) {
    if (!channel_ || std::exchange(accepted_, true)) return;
    channel_->connection_.accepted(nsp_);
    channel_->send(sio::encode_connect(nsp_, random_id(kSidBytes), pid));
    channel_->carrier_.reschedule();
}

void SocketIoSocket::refuse(std::string_view message, const app::Json& data) {
    if (!channel_ || accepted_) return;
    channel_->send(sio::encode_connect_error(nsp_, message, data));
    channel_->connection_.refused(nsp_);
    SocketIoChannel& channel = *channel_;
    const auto self = shared_from_this();
    end();
    channel.remove(*this);
}

void SocketIoSocket::emit(std::string_view event,
                          const app::Json& args,
                          app::Attachments attachments) {
    if (!channel_) return;
    const std::string packet = sio::encode_event(nsp_, event, args, attachments.size());
    channel_->send(packet, std::move(attachments));
}

void SocketIoSocket::emit_with_ack(std::string_view event,
                                   const app::Json& args,
                                   AckHandler on_ack) {
    if (!channel_) return;
    if (asked_acks_.size() >= kMaxAcksAsked) {
        channel_->carrier_.close("too_many_acks");
        return;
    }
    const std::uint64_t id = next_ack_id_++;
    asked_acks_.push_back({id, std::move(on_ack)});
    channel_->send(sio::encode_event(nsp_, event, args, 0, id));
}

void SocketIoSocket::acknowledge(std::uint64_t ack_id,
                                 const app::Json& args,
                                 app::Attachments attachments) {
    if (!channel_) return;
    const auto owed = std::ranges::find(owed_acks_, ack_id);
    if (owed == owed_acks_.end()) return;
    owed_acks_.erase(owed);
    const std::string packet = sio::encode_ack(nsp_, ack_id, args, attachments.size());
    channel_->send(packet, std::move(attachments));
}

void SocketIoSocket::disconnect(bool close_connection, std::string_view reason) {
    if (!channel_) return;
    if (close_connection) {
        channel_->carrier_.close(reason);
        return;
    }
    channel_->send(sio::encode_disconnect(nsp_));
    channel_->connection_.left(nsp_);
    // The one who calls is not told from inside the call.
    asio::post(channel_->loop_.io(),
               [self = std::static_pointer_cast<SocketIoSocket>(shared_from_this()),
                application = &channel_->application_,
                reason = std::string(reason)] { application->on_disconnect(*self, reason); });
    SocketIoChannel& channel = *channel_;
    end();
    channel.remove(*this);
}

void SocketIoSocket::deliver(const hub::SharedBroadcast& broadcast) {
    if (!channel_) return;
    const auto encode = [&] {
        return make_frame(
            Opcode::text,
            sio::encode_broadcast(nsp_, broadcast->event(), broadcast->data(), broadcast->offset()),
            kMessage);
    };
    ++channel_->loop_.counters().deliveries;
    // The shared form is the default namespace's.
    channel_->carrier_.send(nsp_ == "/" ? broadcast->encoded<eio::Frame>(slot::socketio, encode)
                                        : encode());
}

void SocketIoSocket::end() {
    channel_ = nullptr;
    owed_acks_ = {};
    asked_acks_ = {};
}

}  // namespace livechat::transport
