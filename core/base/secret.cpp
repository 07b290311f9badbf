#include "base/secret.hpp"

#include <sodium.h>

#include <array>
#include <charconv>
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
    static const std::string decoy = hash_password(random_id(kTokenBytes));
    verify_password(decoy, password);
    return false;
}

bool verify_no_password(std::string_view password, std::string_view parameters) {
    // Some salt and some hash, of the lengths that PHP and libsodium use.
    constexpr std::string_view kNobody =
        "$c29tZSBzYWx0IG9mIG5vYm9keQ$c29tZSBoYXNoIG9mIG5vYm9keSwgMzIgYnl0ZXMhIS4";
    const std::string hash = std::string(parameters) + std::string(kNobody);
    if (state_of_hash(hash) == HashState::unreadable) return verify_no_password(password);
    verify_password(hash, password);
    return false;
}

HashState state_of_hash(std::string_view hash) {
    require_sodium();
    const std::string terminated(hash);
    if (hash.size() >= crypto_pwhash_STRBYTES) return HashState::unreadable;
    switch (crypto_pwhash_str_needs_rehash(terminated.c_str(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                           crypto_pwhash_MEMLIMIT_INTERACTIVE)) {
        case 0:
            return HashState::current;
        case 1:
            return HashState::outdated;
        default:
            return HashState::unreadable;
    }
}

std::uint64_t cost_of(std::string_view parameters) {
    const auto number_after = [&](std::string_view name) -> std::uint64_t {
        const auto place = parameters.find(name);
        if (place == std::string_view::npos) return 0;
        const char* digits = parameters.data() + place + name.size();
        std::uint64_t number = 0;
        std::from_chars(digits, parameters.data() + parameters.size(), number);
        return number;
    };
    return number_after("$m=") * number_after(",t=");
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
