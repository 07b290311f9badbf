#include "engineio/request_error.hpp"

namespace livechat::eio {
namespace {

std::string_view words(RequestError error) {
    switch (error) {
        case RequestError::unknown_transport:
            return "Transport unknown";
        case RequestError::unknown_sid:
            return "Session ID unknown";
        case RequestError::bad_handshake_method:
            return "Bad handshake method";
        case RequestError::bad_request:
            return "Bad request";
        case RequestError::forbidden:
            return "Forbidden";
        case RequestError::unsupported_version:
            return "Unsupported protocol version";
    }
    return "Bad request";
}

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20) continue;
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
}

}  // namespace

Answer refusal(RequestError error, std::string_view message) {
    Answer answer{error == RequestError::forbidden ? 403 : 400, true, R"({"code":)"};
    answer.body += static_cast<char>('0' + static_cast<int>(error));
    answer.body += R"(,"message":)";
    append_json_string(answer.body, message.empty() ? words(error) : message);
    answer.body += '}';
    return answer;
}

std::string payload_too_large(std::size_t max_payload) {
    return "payload_too_large: a body has at most " + std::to_string(max_payload) +
           " bytes (maxPayload)\n";
}

}  // namespace livechat::eio
