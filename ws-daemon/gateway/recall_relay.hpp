// A client has come back to another daemon than the one that still counts it as there: a datagram
// to where the other daemons hear the doorbell asks them to end it and to write what it leaves
// behind. Who loses it is a new connection.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace livechat::gateway {

// recovery_key: 32 bytes.
std::string encode_recall(std::string_view recovery_key);

// The key; nullopt for anything else.
std::optional<std::string> decode_recall(std::string_view datagram);

}  // namespace livechat::gateway
