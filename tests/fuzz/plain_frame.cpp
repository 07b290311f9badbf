// A text frame of the plain WebSocket endpoint.
#include "input.hpp"
#include "transport/plain_socket.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto event = livechat::transport::decode_plain(as_text(data, size));
    if (event) require(event->args.is_array() && event->args.size() <= 1);
    return 0;
}
