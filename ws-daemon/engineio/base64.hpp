// Base64 (RFC 4648, section 4) for binary packets in polling bodies.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace livechat::eio {

void append_base64(std::string& out, std::string_view bytes);

// Padding may be left out, as some clients do; any other deviation is nullopt.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace livechat::eio
