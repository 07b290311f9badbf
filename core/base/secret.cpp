#include "base/secret.hpp"

#include <sodium.h>

#include <array>
#include <new>
#include <stdexcept>

#include "base/ids.hpp"

namespace livechat {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kMacBytes = crypto_auth_hmacsha256_BYTES;
using Mac = std::array<unsigned char, kMacBytes>;

void require_sodium() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
}

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

Mac mac_of(std::string_view key, std::string_view text) {
    require_sodium();
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, bytes(key), key.size());
    crypto_auth_hmacsha256_update(&state, bytes(text), text.size());
    Mac mac;
    crypto_auth_hmacsha256_final(&state, mac.data());
    return mac;
}

}  // namespace

std::string hash_password(std::string_view password) {
    require_sodium();
    std::string hash(crypto_pwhash_STRBYTES, '\0');
    if (crypto_pwhash_str_alg(
            hash.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0) {
        throw std::bad_alloc();
    }
    hash.resize(hash.find('\0'));
    return hash;
}

bool verify_password(std::string_view hash, std::string_view password) {
    require_sodium();
    const std::string terminated(hash);
    return crypto_pwhash_str_verify(terminated.c_str(), password.data(), password.size()) == 0;
}

bool verify_no_password(std::string_view password) {
    static const std::string nobody = hash_password(random_id(kTokenBytes));
    verify_password(nobody, password);
    return false;
}

std::string new_token(std::string_view prefix) {
    return std::string(prefix) + random_id(kTokenBytes);
}

bool verify_signature(std::string_view key, std::string_view text, std::string_view hex) {
    const Mac mac = mac_of(key, text);
    Mac given;
    std::size_t length = 0;
    if (hex.size() != 2 * kMacBytes ||
        sodium_hex2bin(given.data(), given.size(), hex.data(), hex.size(), nullptr, &length,
                       nullptr) != 0 ||
        length != kMacBytes) {
        return false;
    }
    return sodium_memcmp(mac.data(), given.data(), kMacBytes) == 0;
}

std::string sign(std::string_view key, std::string_view text) {
    const Mac mac = mac_of(key, text);
    std::string hex(2 * kMacBytes + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), mac.data(), mac.size());
    hex.pop_back();
    return hex;
}

}  // namespace livechat
