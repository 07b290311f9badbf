// Bytes behind the upgrade.
#include <vector>

#include "input.hpp"
#include "transport/websocket_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kMaxMessage = 1000;
    livechat::transport::WebSocketCodec codec(kMaxMessage);
    std::vector<char> bytes(data, data + size);
    std::span<char> rest(bytes);
    while (const auto message = codec.next(rest)) require(message->data.size() <= kMaxMessage);
    require(codec.error() != 0 || rest.empty());
    return 0;
}
