#include "transfer/transcript.hpp"

#include "base/utf8.hpp"

namespace livechat::admin {
namespace {

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
)";

constexpr std::string_view kStyle = R"(<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 45rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff; }
h1 { font-size: 1.3rem; overflow-wrap: anywhere; }
ol { list-style: none; padding: 0; }
li { margin: .75rem 0; padding: .5rem .75rem; border-radius: .5rem; background: #f0f0f0; max-width: 85%; }
li.admin { background: #e3eefb; margin-left: auto; }
li header { font-size: .8rem; color: #555; }
li p { margin: .25rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; font-size: .9rem; }
dd { margin: 0; overflow-wrap: anywhere; }
li.erased p { font-style: italic; color: #777; }
</style>
)";

bool is_allowed(char32_t code) {
    if (code == '\n' || code == '\t') return true;
    return !is_control(code) && !is_direction_control(code);
}

// What agents were told of the visitor, if anything.
std::string visitor_of(const Session& session) {
    if (!session.visitor) return {};
    std::string out = "<dl>\n";
    for (std::size_t i = 0; i < kVisitorFields; ++i) {
        const auto& text = session.visitor->fields[i];
        if (!text || text->empty()) continue;
        out += "<dt>" + std::string(to_string(static_cast<VisitorField>(i))) +
               "</dt><dd dir=\"auto\">" + html_escaped(*text) + "</dd>\n";
    }
    return out + "</dl>\n";
}

}  // namespace

std::string html_escaped(std::string_view text) {
    return rewritten(text, [](char32_t code, std::string_view bytes) -> std::string_view {
        switch (code) {
            case '&':
                return "&amp;";
            case '<':
                return "&lt;";
            case '>':
                return "&gt;";
            case '"':
                return "&quot;";
            case '\'':
                return "&#39;";
            case '\r':
                return {};
            default:
                return is_allowed(code) ? bytes : kReplacementCharacter;
        }
    });
}

std::string transcript_begin(const Session& session) {
    const auto name = html_escaped(session.client_id);
    std::string out(kHead);
    out += "<title>Conversation " + name + "</title>\n";
    out += kStyle;
    out += "</head>\n<body>\n<h1>Conversation <bdi>" + name + "</bdi></h1>\n<p>Opened " +
           html_escaped(session.created_at) + ", " + std::string(to_string(session.status)) + ", " +
           std::to_string(session.last_seq) + (session.last_seq == 1 ? " message" : " messages") +
           ".</p>\n" + visitor_of(session) + "<ol>\n";
    return out;
}

std::string transcript_message(const Message& message) {
    const std::string side(to_string(message.sender));
    const auto number = std::to_string(message.seq);
    return "<li class=\"" + side + (message.erased() ? " erased" : "") + "\" id=\"m" + number +
           "\"><header><b>" + (message.sender == Side::client ? "Visitor" : "Support") + "</b> #" +
           number + " <time datetime=\"" + html_escaped(message.created_at) + "\">" +
           html_escaped(message.created_at) + "</time></header><p dir=\"auto\">" +
           (message.erased() ? std::string("This message was erased.")
                             : html_escaped(message.text)) +
           "</p></li>\n";
}

std::string transcript_end() { return "</ol>\n</body>\n</html>\n"; }

}  // namespace livechat::admin
