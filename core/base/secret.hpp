// Secrets, by libsodium: passwords, tokens and signatures. Comparisons take the same time wherever
// the difference is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace livechat {

// "$argon2id$v=19$m=65536,t=2,p=1$…", which PHP's password_verify() takes as well; 64 MiB and some
// 50 ms of one core. Throws std::bad_alloc when there is no memory for it.
std::string hash_password(std::string_view password);

// Takes as long as hashing. Also of hashes that PHP's password_hash(…, PASSWORD_ARGON2ID) or
// PASSWORD_ARGON2I has made; false for any other text.
bool verify_password(std::string_view hash, std::string_view password);

// Takes as long as verify_password with a hash of ours, and is false: an unknown username looks
// like a wrong password.
bool verify_no_password(std::string_view password);
// The same with a hash of other parameters ("$argon2id$v=19$m=65536,t=4,p=1"); those that cannot be
// read take as long as ours.
bool verify_no_password(std::string_view password, std::string_view parameters);

enum class HashState : std::uint8_t {
    current,     // what hash_password() makes today
    outdated,    // of other parameters
    unreadable,  // not argon2: no password matches it
};
HashState state_of_hash(std::string_view hash);

// What hashing by those parameters costs, in KiB of memory times passes; 0 for what cannot be read.
std::uint64_t cost_of(std::string_view parameters);

// A new token: base64url of 256 random bits, behind `prefix`.
std::string new_token(std::string_view prefix = {});

// Whether `hex` (64 digits of either case) is HMAC-SHA256(key, text) (RFC 2104).
bool verify_signature(std::string_view key, std::string_view text, std::string_view hex);
// The same in lower case, for the site that signs.
std::string sign(std::string_view key, std::string_view text);

}  // namespace livechat
