// JSON in, by nlohmann::json within bounds; JSON out, as text appended to a buffer.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace livechat {

using Json = nlohmann::ordered_json;

// Members of one object. Json keeps their order and for that looks at all the others for each:
// 18,000 of them, which fit in a body, took half a second.
inline constexpr std::size_t kMaxMembers = 1000;

// RFC 8259 text in UTF-8. nullopt for anything else, for objects of more than kMaxMembers, and for
// more than max_depth nested arrays and objects: reading them costs nothing, but code that walks
// the value would run out of stack. An escaped lone surrogate ("\ud800"), which JavaScript writes
// and UTF-8 cannot hold, becomes U+FFFD.
std::optional<Json> parse_json(std::string_view text, std::size_t max_depth = 64);

// Appends text (UTF-8) as a JSON string, quotes included. Control characters are escaped, so that
// the result never holds a line break or the separator of a polling payload.
void append_json_string(std::string& out, std::string_view text);

// The bytes that append_json_string() appends: what a text costs wherever it goes.
std::size_t json_string_size(std::string_view text);

}  // namespace livechat
