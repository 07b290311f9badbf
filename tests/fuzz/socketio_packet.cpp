// A whole connection: lines are packets, lines that begin with NUL are attachments.
#include "input.hpp"
#include "socketio/connection.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace livechat::sio;
    Connection connection(Time{}, std::chrono::milliseconds(1000));
    connection.on_text("0");
    connection.accepted("/");
    auto rest = as_text(data, size);
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        const auto line = rest.substr(0, end);
        const bool binary = !line.empty() && line[0] == '\0';
        const auto input =
            binary ? connection.on_binary(std::string(line.substr(1))) : connection.on_text(line);
        if (std::holds_alternative<CloseReason>(input)) break;
        if (const auto* event = std::get_if<EventPacket>(&input)) {
            require(event->attachments.size() <= kMaxAttachments);
            require(decode(encode_event("/", "x", event->args)).has_value());
        }
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return 0;
}
