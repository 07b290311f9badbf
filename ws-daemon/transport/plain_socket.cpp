#include "transport/plain_socket.hpp"

#include <algorithm>
#include <asio/post.hpp>
#include <utility>

#include "base/log.hpp"
#include "socketio/json.hpp"
#include "socketio/packet.hpp"
#include "transport/broadcast_slots.hpp"

namespace livechat::transport {
namespace {

constexpr std::size_t kMaxEarly = 64;  // events before the application accepted the client
constexpr std::string_view kAuth = "auth";

std::string first_of(const app::Json& args) {
    return args.is_array() && !args.empty() ? sio::dump_json(args.front()) : "null";
}

std::string json_string(std::string_view text) { return sio::dump_json(app::Json(text)); }

}  // namespace

std::optional<app::Event> decode_plain(std::string_view text, std::size_t max_depth) {
    auto frame = sio::parse_json(text, max_depth);
    if (!frame || !frame->is_array() || frame->empty() || frame->size() > 3) return std::nullopt;
    if (!frame->front().is_string()) return std::nullopt;
    app::Event event;
    event.name = frame->front().get<std::string>();
    if (frame->size() == 3) {
        const app::Json& id = frame->back();
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() > sio::kMaxAckId) {
            return std::nullopt;
        }
        event.ack_id = id.get<std::uint64_t>();
    }
    if (frame->size() > 1) event.args.push_back(std::move((*frame)[1]));
    return event;
}

PlainSocket::PlainSocket(std::shared_ptr<Loop> loop,
                         Registry& registry,
                         app::Application& application,
                         const Settings& settings,
                         WebSocket& socket,
                         app::Handshake handshake)
    : Timed(loop->deadlines()),
      loop_(std::move(loop)),
      registry_(registry),
      application_(application),
      settings_(settings),
      socket_(&socket),
      handshake_(std::move(handshake)),
      stage_(Stage::unknown, Loop::now() + settings.connect_timeout),
      heartbeat_(settings.ping_interval, settings.ping_timeout, Loop::now()),
      rate_(settings.input) {
    socket.set_owner(this);
    settle_deadline();
}

PlainSocket::~PlainSocket() {
    if (socket_) socket_->set_owner(nullptr);
    set_deadline(Time::max());
}

void PlainSocket::introduce(const app::Json& auth) {
    if (!socket_ || stage_ != Stage::unknown) return;
    stage_.enter(Stage::introduced);
    settle_deadline();
    application_.on_connect(shared_from_this(), std::exchange(handshake_, {}), "/", auth);
}

void PlainSocket::accept(std::string_view) {
    if (!socket_ || stage_ != Stage::introduced) return;
    stage_.enter(Stage::accepted);
    if (auth_ack_) acknowledge(*auth_ack_, app::Json::array({{{"status", "ok"}}}), {});
    // Later, since the application may still be in its on_connect.
    asio::post(loop_->io(), [self = std::static_pointer_cast<PlainSocket>(shared_from_this())] {
        self->early_bytes_ = 0;
        while (self->socket_ && !self->early_.empty()) {
            app::Event event = std::move(self->early_.front());
            self->early_.pop_front();
            self->application_.on_event(*self, std::move(event));
        }
    });
}

void PlainSocket::refuse(std::string_view message, const app::Json& data) {
    if (!socket_ || stage_ != Stage::introduced) return;
    stage_.enter(Stage::refused);
    app::Json error{{"message", message}};
    if (!data.is_null()) error["data"] = data;
    send(R"(["connect_error",)" + sio::dump_json(error) + ']');
    close(close_code::policy_violation, "refused");
}

void PlainSocket::emit(std::string_view event, const app::Json& args, app::Attachments) {
    send('[' + json_string(event) + ',' + first_of(args) + ']');
}

void PlainSocket::emit_with_ack(std::string_view event, const app::Json& args, AckHandler) {
    emit(event, args, {});
}

void PlainSocket::acknowledge(std::uint64_t ack_id, const app::Json& args, app::Attachments) {
    send(R"(["ack",)" + std::to_string(ack_id) + ',' + first_of(args) + ']');
}

void PlainSocket::disconnect(bool, std::string_view reason) { close(close_code::normal, reason); }

void PlainSocket::deliver(const hub::SharedBroadcast& broadcast) {
    if (!socket_) return;
    ++loop_->counters().deliveries;
    socket_->send(broadcast->encoded<eio::Frame>(slot::plain, [&] {
        return make_frame(Opcode::text,
                          '[' + json_string(broadcast->event()) + ',' + broadcast->data() + ']');
    }));
}

void PlainSocket::on_ws_message(std::string data, bool binary) {
    const auto self = shared_from_this();
    if (binary) {
        close(close_code::unsupported_data, "unexpected_binary");
        return;
    }
    auto event = decode_plain(data, settings_.max_depth);
    if (!event) {
        close(close_code::invalid_payload, "parse_error");
        return;
    }
    ++loop_->counters().messages_in;
    if (stage_ != Stage::unknown) return take(*std::move(event), data.size());
    if (event->name != kAuth) {
        introduce(app::Json::object());
        return take(*std::move(event), data.size());
    }
    const bool known = !event->args.empty() && event->args.front().is_object();
    auth_ack_ = event->ack_id;
    introduce(known ? event->args.front() : app::Json::object());
}

void PlainSocket::take(app::Event event, std::size_t bytes) {
    if (stage_ == Stage::accepted && early_.empty()) {
        application_.on_event(*this, std::move(event));
    } else if (early_.size() < kMaxEarly && early_bytes_ + bytes <= settings_.max_payload) {
        early_.push_back(std::move(event));
        early_bytes_ += bytes;
    } else {
        close(close_code::policy_violation, "too_many_early_events");
    }
}

void PlainSocket::on_ws_pong() {
    heartbeat_.on_pong(Loop::now());
    settle_deadline();
}

Time PlainSocket::on_ws_read(std::size_t messages, std::size_t bytes) {
    const Time now = Loop::now();
    rate_.count(messages, bytes, now);
    const Time again = std::min(rate_.ready_at(), now + settings_.ping_timeout / 2);
    if (again > now) {
        heartbeat_.excuse(again);
        settle_deadline();
    }
    return again;
}

void PlainSocket::on_ws_gone(WebSocket&, std::string_view reason) {
    const auto self = shared_from_this();
    socket_ = nullptr;
    finish(reason);
}

void PlainSocket::on_deadline(Time now) {
    const auto self = shared_from_this();
    if (!socket_) return;
    if (stage_.over(now)) return close(close_code::policy_violation, "connect_timeout");
    auto beat = heartbeat_.on_time(now);
    if (beat == eio::Heartbeat::Beat::ping) {
        socket_->ping();
        beat = heartbeat_.on_time(now);
    }
    if (beat == eio::Heartbeat::Beat::dead) {
        return close(close_code::policy_violation, "ping_timeout");
    }
    settle_deadline();
}

void PlainSocket::settle_deadline() {
    set_deadline(std::min(stage_.until(), heartbeat_.wake_at()));
}

void PlainSocket::send(std::string_view text) {
    if (!socket_) return;
    ++loop_->counters().messages_out;
    socket_->send(make_frame(Opcode::text, text));
}

void PlainSocket::close(std::uint16_t code, std::string_view reason) {
    if (!socket_) return;
    std::exchange(socket_, nullptr)->close(code, reason);
    asio::post(loop_->io(), [self = std::static_pointer_cast<PlainSocket>(shared_from_this()),
                             name = std::string(reason)] { self->finish(name); });
}

void PlainSocket::finish(std::string_view reason) {
    set_deadline(Time::max());
    loop_->counters().count_close(reason);
    log::debug("plain_closed", {{"reason", reason}, {"request_id", handshake_.request_id}});
    if (stage_ == Stage::introduced || stage_ == Stage::accepted) {
        application_.on_disconnect(*this, reason);
    }
    registry_.forget(*this);
}

}  // namespace livechat::transport
