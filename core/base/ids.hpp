// Unguessable identifiers, from the system's random source (libsodium).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace livechat {

// `bytes` random bytes as base64url without padding (RFC 4648, section 5): 15 bytes are 20
// characters.
std::string random_id(std::size_t bytes);

std::string base64url(std::string_view bytes);

// SHA-256 (FIPS 180-4): 32 bytes. What is kept of a secret that only its holder needs to know.
std::string sha256(std::string_view bytes);

}  // namespace livechat
