// A conversation as a page that people read: one HTML file without scripts, pictures or links. What
// others wrote is text in it, whatever it holds. Pure; written piece by piece.
#pragma once

#include <string>
#include <string_view>

#include "domain/types.hpp"

namespace livechat::admin {

// Text between tags or within a quoted attribute. Control characters, which HTML does not know,
// become U+FFFD, and so does what is no UTF-8.
std::string html_escaped(std::string_view text);

std::string transcript_begin(const Session& session);
std::string transcript_message(const Message& message);
std::string transcript_end();

}  // namespace livechat::admin
