// Typing between daemons: it is never stored, so it travels beside the database, as a datagram to
// where the other daemons hear the doorbell. Losing one loses nothing that matters.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/config.hpp"
#include "gateway/payload.hpp"

namespace livechat::gateway {

// The most that encode_typing writes for payloads that passed the rules.
inline constexpr std::size_t kMaxTypingDatagram = 4096;

// The JSON array [daemon, clientId, isTyping, sender]. daemon: the name of the one that sends it.
std::string encode_typing(std::string_view daemon, const TypingPayload& payload);

struct RelayedTyping {
    std::string daemon;
    TypingPayload payload;
};

// nullopt for anything else; the payload's clientId has passed the rules.
std::optional<RelayedTyping> decode_typing(std::string_view datagram, const Limits& limits);

}  // namespace livechat::gateway
