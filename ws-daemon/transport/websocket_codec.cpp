#include "transport/websocket_codec.hpp"

#include <websocketpp/common/cpp11.hpp>
#include <websocketpp/extensions/permessage_deflate/disabled.hpp>
#include <websocketpp/http/request.hpp>
#include <websocketpp/http/response.hpp>
#include <websocketpp/message_buffer/alloc.hpp>
#include <websocketpp/message_buffer/message.hpp>
#include <websocketpp/processors/hybi13.hpp>
#include <websocketpp/random/none.hpp>

namespace livechat::transport {
namespace {

// What the processor is built with. Servers mask nothing, so that no random numbers are needed;
// without extensions RSV bits are errors.
struct Config {
    using request_type = websocketpp::http::parser::request;
    using response_type = websocketpp::http::parser::response;
    using message_type =
        websocketpp::message_buffer::message<websocketpp::message_buffer::alloc::con_msg_manager>;
    using con_msg_manager_type = websocketpp::message_buffer::alloc::con_msg_manager<message_type>;
    using rng_type = websocketpp::random::none::int_generator<std::uint32_t>;
    static constexpr bool enable_extensions = false;
    static constexpr std::size_t max_message_size = 0;  // set for each processor
    struct permessage_deflate_config {
        using request_type = Config::request_type;
    };
    using permessage_deflate_type =
        websocketpp::extensions::permessage_deflate::disabled<permessage_deflate_config>;
};

using Hybi13 = websocketpp::processor::hybi13<Config>;

// Stateless, so that all connections share them.
const std::shared_ptr<Config::con_msg_manager_type>& message_source() {
    static const auto source = std::make_shared<Config::con_msg_manager_type>();
    return source;
}

Config::rng_type& no_random() {
    static Config::rng_type none;
    return none;
}

std::uint16_t code_for(const websocketpp::lib::error_code& error) {
    const auto code = websocketpp::processor::error::to_ws(error);
    // It has no code of its own for lengths that are not in their shortest form.
    const bool known = code == close_code::invalid_payload || code == close_code::message_too_big;
    return known ? code : close_code::protocol_error;
}

}  // namespace

struct WebSocketCodec::Processor : Hybi13 {
    Processor() : Hybi13(false, true, message_source(), no_random()) {}
};

eio::SharedFrame make_frame(Opcode opcode, std::string_view payload, char mark) {
    const std::size_t size = payload.size() + (mark != 0 ? 1 : 0);
    const websocketpp::frame::basic_header basic(
        static_cast<websocketpp::frame::opcode::value>(opcode), size, true, false);
    const websocketpp::frame::extended_header extended(size);
    auto frame = std::make_shared<eio::Frame>();
    frame->bytes = websocketpp::frame::prepare_header(basic, extended);
    frame->headroom = frame->bytes.size();
    frame->binary = opcode == Opcode::binary;
    frame->bytes.reserve(frame->headroom + size);
    if (mark != 0) frame->bytes += mark;
    frame->bytes += payload;
    return frame;
}

eio::SharedFrame make_close_frame(std::uint16_t code, std::string_view reason) {
    std::string payload;
    if (code != 0) {
        payload += static_cast<char>(code >> 8);
        payload += static_cast<char>(code & 0xff);
        payload += reason.substr(0, websocketpp::frame::limits::close_reason_size);
    }
    return make_frame(Opcode::close, payload);
}

WebSocketCodec::WebSocketCodec(std::size_t max_message)
    : processor_(std::make_unique<Processor>()) {
    processor_->set_max_message_size(max_message);
}

WebSocketCodec::~WebSocketCodec() = default;
WebSocketCodec::WebSocketCodec(WebSocketCodec&&) noexcept = default;
WebSocketCodec& WebSocketCodec::operator=(WebSocketCodec&&) noexcept = default;

std::optional<std::string> WebSocketCodec::accept(const HttpRequest& request,
                                                  std::string_view subprotocol) const {
    if (!request.wants_websocket() || request.header("sec-websocket-version") != "13") {
        return std::nullopt;
    }
    Config::request_type theirs;
    theirs.set_method(request.method);
    theirs.set_version(request.minor_version == 1 ? "HTTP/1.1" : "HTTP/1.0");
    theirs.append_header("Sec-WebSocket-Key", std::string(request.header("sec-websocket-key")));
    Config::response_type ours;
    if (processor_->validate_handshake(theirs)) return std::nullopt;
    if (processor_->process_handshake(theirs, std::string(subprotocol), ours)) return std::nullopt;

    std::string answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n";
    answer += "Connection: Upgrade\r\nSec-WebSocket-Accept: ";
    answer += ours.get_header("Sec-WebSocket-Accept");
    if (!subprotocol.empty()) {
        answer += "\r\nSec-WebSocket-Protocol: ";
        answer += subprotocol;
    }
    return answer + "\r\n\r\n";
}

std::optional<WebSocketMessage> WebSocketCodec::next(std::span<char>& bytes) {
    if (error_ != 0 || bytes.empty()) return std::nullopt;
    websocketpp::lib::error_code error;
    const std::size_t used =
        processor_->consume(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size(), error);
    bytes = bytes.subspan(used);
    held_ += used;
    if (error) {
        error_ = code_for(error);
        return std::nullopt;
    }
    if (!processor_->ready()) return std::nullopt;
    const auto message = processor_->get_message();
    if (!message) return std::nullopt;
    const auto opcode = static_cast<Opcode>(message->get_opcode());
    // A control frame may come between the parts of a message.
    if (opcode == Opcode::text || opcode == Opcode::binary) held_ = 0;
    return WebSocketMessage{opcode, std::move(message->get_raw_payload())};
}

}  // namespace livechat::transport
