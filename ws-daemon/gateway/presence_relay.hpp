// Presence between daemons: a datagram to where the other daemons hear the doorbell, as for typing.
// What is lost is told again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/config.hpp"
#include "gateway/presence.hpp"

namespace livechat::gateway {

// The most that encode_presence writes for what Presence::tick gives: names of kNewsBytes and one
// more, each byte of them written as it is or with a backslash.
inline constexpr std::size_t kMaxPresenceDatagram = 8192;

// The JSON array ["presence", daemon, agents, watched, round, [online…], [offline…]].
std::string encode_presence(const PresenceNews& news);

// nullopt for anything else; the names of rooms have passed the rules.
std::optional<PresenceNews> decode_presence(std::string_view datagram, const Limits& limits);

}  // namespace livechat::gateway
