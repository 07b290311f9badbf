// The answers to HTTP requests that Engine.IO refuses: {"code":N,"message":"…"} with status 400, or
// 403 for Forbidden (docs/protocol.md, "Errors").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace livechat::eio {

// What a request answers, whichever it was.
struct Answer {
    int status = 200;
    bool json = false;  // else text/plain
    std::string body;

    bool operator==(const Answer&) const = default;
};

// The enumerator's value is the code on the wire.
enum class RequestError : std::uint8_t {
    unknown_transport,
    unknown_sid,
    bad_handshake_method,
    bad_request,
    forbidden,
    unsupported_version,
};

// message: what to say instead of the protocol's own words; empty for those.
Answer refusal(RequestError error, std::string_view message = {});

// What is said with 413, for a body of more than so many bytes.
std::string payload_too_large(std::size_t max_payload);

}  // namespace livechat::eio
