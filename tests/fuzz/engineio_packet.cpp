// A frame's text: what is decoded must encode to the same bytes.
#include "engineio/packet.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = as_text(data, size);
    if (const auto packet = livechat::eio::decode(text)) {
        require(livechat::eio::encode(*packet) == text);
    }
    return 0;
}
