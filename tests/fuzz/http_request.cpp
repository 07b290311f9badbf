// A stream of HTTP requests, in two pieces, and their query strings.
#include "input.hpp"
#include "transport/http_parser.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace livechat::transport;
    constexpr std::size_t kMaxBody = 1000;
    if (size == 0) return 0;
    HttpParser parser(kMaxBody);
    const auto text = as_text(data + 1, size - 1);
    const auto cut = text.empty() ? 0 : data[0] % text.size();
    for (const auto piece : {text.substr(0, cut), text.substr(cut)}) {
        parser.append(piece);
        for (;;) {
            const auto step = parser.advance();
            if (step == HttpParser::Step::head) continue;
            if (step != HttpParser::Step::complete) break;
            const auto request = parser.take();
            require(request.body.size() <= kMaxBody);
            query_parameter(request.query(), "sid");
            request.wants_websocket();
        }
    }
    return 0;
}
