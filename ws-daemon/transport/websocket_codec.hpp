// WebSocket frames <-> messages (RFC 6455), by the protocol processor of websocketpp: masks,
// fragments, UTF-8, sizes and every rule on frames are its work. Sans-IO; the only file that
// includes it is the source beside this one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engineio/packet.hpp"
#include "transport/http_parser.hpp"

namespace livechat::transport {

namespace close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t unsupported_data = 1003;
inline constexpr std::uint16_t invalid_payload = 1007;
inline constexpr std::uint16_t policy_violation = 1008;
inline constexpr std::uint16_t message_too_big = 1009;
inline constexpr std::uint16_t try_again_later = 1013;
}  // namespace close_code

enum class Opcode : std::uint8_t { text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

// A whole frame as a server sends it, its header as headroom. `mark` unless 0 goes before the
// payload (Engine.IO's packet type), which spares a copy.
eio::SharedFrame make_frame(Opcode opcode, std::string_view payload, char mark = 0);
// Without a code the frame is empty.
eio::SharedFrame make_close_frame(std::uint16_t code, std::string_view reason);

struct WebSocketMessage {
    Opcode opcode = Opcode::text;
    std::string data;
};

class WebSocketCodec {
  public:
    // max_message: bytes of a message, judged from the frame's header before anything is allocated.
    explicit WebSocketCodec(std::size_t max_message);
    ~WebSocketCodec();
    WebSocketCodec(WebSocketCodec&&) noexcept;
    WebSocketCodec& operator=(WebSocketCodec&&) noexcept;

    // The answer (101) to a request to open a WebSocket; nullopt if it is not a valid one.
    std::optional<std::string> accept(const HttpRequest& request,
                                      std::string_view subprotocol) const;

    // Takes bytes off the front until a message is whole (then returns it; call again) or they are
    // used up. They are unmasked in place. A breach of the protocol sets error() and returns
    // nullopt.
    std::optional<WebSocketMessage> next(std::span<char>& bytes);
    // The code to close with, or 0.
    std::uint16_t error() const { return error_; }
    // Bytes of a message that is not whole yet.
    std::size_t held() const { return held_; }

  private:
    struct Processor;
    std::unique_ptr<Processor> processor_;
    std::size_t held_ = 0;
    std::uint16_t error_ = 0;
};

}  // namespace livechat::transport
