// JSON as Socket.IO clients send it: a text that JavaScript can make must be readable here too.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace livechat::sio {

using Json = nlohmann::ordered_json;  // keeps the order of keys

// Arrays and objects inside one another; deeper texts are refused before anything recursive sees
// them.
inline constexpr std::size_t kMaxDepth = 512;

// Members of one object. Keeping their order costs a look at all the others for each: 18,000 of
// them, which fit in a frame, took half a second.
inline constexpr std::size_t kMaxMembers = 1000;

// Values in one text, all told: each costs some ten times the bytes that it has on the wire.
inline constexpr std::size_t kMaxValues = 20'000;

// JavaScript's strings may hold half of a surrogate pair, which JSON.stringify writes as an escape
// (\ud83d) and UTF-8 cannot express: it becomes U+FFFD. nullopt: not JSON, not UTF-8, too deep (at
// most kMaxDepth), too many members or values.
std::optional<Json> parse_json(std::string_view text, std::size_t max_depth = kMaxDepth);

// Compact; bytes that are no UTF-8 become U+FFFD.
std::string dump_json(const Json& value);

bool is_utf8(std::string_view text);

}  // namespace livechat::sio
