// A polling body: what is decoded must survive another round, and never be more than was asked for.
#include "engineio/packet.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kMaxPackets = 64;
    if (const auto packets = livechat::eio::decode_payload(as_text(data, size), kMaxPackets)) {
        require(packets->size() <= kMaxPackets);
        const auto body = livechat::eio::encode_payload(*packets);
        require(livechat::eio::decode_payload(body, kMaxPackets) == packets);
    }
    return 0;
}
