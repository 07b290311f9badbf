#include "commands/conversation.hpp"

#include <algorithm>
#include <iterator>

#include "terminal/text.hpp"

namespace livechat::admin {

Session find_session(Program& program, const std::string& client_id) {
    auto session = program.chat().session(client_id);
    if (!session && session.error().code == ErrorCode::session_not_found) {
        throw no_such_session(client_id);
    }
    return value_of(std::move(session));
}

std::vector<Message> read_messages(Program& program,
                                   const std::string& client_id,
                                   Seq after,
                                   std::uint64_t limit) {
    constexpr std::uint64_t kPage = 500;
    std::vector<Message> messages;
    while (messages.size() < limit) {
        auto page = value_of(program.chat().messages_after(
            client_id, after, {std::min(limit - messages.size(), kPage)}));
        if (page.last == 0) break;
        after = page.last;
        std::ranges::move(page.messages, std::back_inserter(messages));
    }
    return messages;
}

std::string line_of(const Message& message) {
    const std::string side = message.sender == Side::client ? "visitor" : "support";
    std::string text = message.erased() ? "(erased)" : message.text;
    std::string out = message.created_at + "  #" + std::to_string(message.seq) + "  " + side + ": ";
    // A line of a message stays within it: what follows on the next is indented.
    bool first = true;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        if (!first) out += "    ";
        out += printable(std::string_view(text).substr(begin, end - begin)) + "\n";
        first = false;
        begin = end + 1;
    }
    return out;
}

Stop no_such_session(const std::string& client_id) {
    return Stop(
        "there is no session " + printable(client_id) +
        ": livechat-admin session list shows those that there are (--closed: the closed ones)");
}

}  // namespace livechat::admin
