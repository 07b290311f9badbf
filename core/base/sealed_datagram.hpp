// Datagrams between this installation's programs that cross a network: believed only with a MAC
// that a secret of both ends proves.
//
//   time (8 bytes, seconds since 1970, little-endian) | HMAC-SHA256 (32 bytes) | what is said
//
// The MAC is of the time and what is said. A datagram that is repeated is believed for a minute: it
// says "look now", or tells of typing, presence and places, which are told over and over anyway.
// Pure; the time comes in as a value. Any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace livechat {

inline constexpr std::size_t kSealBytes = 40;
// Clocks of two machines may differ, and datagrams take their time.
inline constexpr std::chrono::seconds kSealLasts{60};

using SealTime = std::chrono::sys_seconds;

// Throws std::runtime_error if libsodium cannot be used.
std::string seal_datagram(std::string_view secret, std::string_view said, SealTime now);

// What is said, a part of `datagram`; nullopt if the secret is another one, or the time too far
// off.
std::optional<std::string_view> open_datagram(std::string_view secret,
                                              std::string_view datagram,
                                              SealTime now);

}  // namespace livechat
