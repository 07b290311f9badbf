// Why an Engine.IO session ended: the names that logs, metrics and the application see
// (docs/protocol.md, "Close reasons").
#pragma once

#include <cstdint>
#include <string_view>

namespace livechat::eio {

enum class CloseReason : std::uint8_t {
    client_close,     // the peer sent a close packet
    transport_close,  // its WebSocket, or the connection of its waiting poll, went away
    ping_timeout,     // no pong in time
    poll_timeout,     // no poll in the time in which a ping has to be answered
    parse_error,      // not a packet, or one that only servers send
    poll_overlap,     // a second GET while one waited
    post_overlap,     // a second POST while one was coming in
    slow_reader,      // more bytes queued than allowed
    server_close,     // the application ended it
};

std::string_view to_string(CloseReason reason);

}  // namespace livechat::eio
