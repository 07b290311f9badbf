#include "base/sealed_datagram.hpp"

#include <sodium.h>

#include <array>
#include <cstdint>
#include <stdexcept>

namespace livechat {
namespace {

// So that no MAC of this kind is one of another kind, whatever else is signed with the secret.
constexpr std::string_view kPurpose = "livechat doorbell 1";
constexpr std::size_t kTimeBytes = 8;
constexpr std::size_t kMacBytes = crypto_auth_hmacsha256_BYTES;
static_assert(kSealBytes == kTimeBytes + kMacBytes);

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string write_time(SealTime time) {
    auto seconds = static_cast<std::uint64_t>(time.time_since_epoch().count());
    std::string text(kTimeBytes, '\0');
    for (auto& byte : text) {
        byte = static_cast<char>(seconds & 0xFF);
        seconds >>= 8;
    }
    return text;
}

std::uint64_t read_time(std::string_view text) {
    std::uint64_t seconds = 0;
    for (std::size_t i = kTimeBytes; i-- > 0;) {
        seconds = seconds << 8 | static_cast<unsigned char>(text[i]);
    }
    return seconds;
}

std::array<unsigned char, kMacBytes> mac_of(std::string_view secret,
                                            std::string_view time,
                                            std::string_view said) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, bytes(secret), secret.size());
    for (const auto part : {kPurpose, time, said}) {
        crypto_auth_hmacsha256_update(&state, bytes(part), part.size());
    }
    std::array<unsigned char, kMacBytes> mac;
    crypto_auth_hmacsha256_final(&state, mac.data());
    return mac;
}

}  // namespace

std::string seal_datagram(std::string_view secret, std::string_view said, SealTime now) {
    auto datagram = write_time(now);
    const auto mac = mac_of(secret, datagram, said);
    datagram.append(reinterpret_cast<const char*>(mac.data()), mac.size()).append(said);
    return datagram;
}

std::optional<std::string_view> open_datagram(std::string_view secret,
                                              std::string_view datagram,
                                              SealTime now) {
    if (secret.empty() || datagram.size() < kSealBytes) return std::nullopt;
    const auto time = datagram.substr(0, kTimeBytes);
    const auto said = datagram.substr(kSealBytes);
    const auto mac = mac_of(secret, time, said);
    if (sodium_memcmp(mac.data(), datagram.data() + kTimeBytes, kMacBytes) != 0) {
        return std::nullopt;
    }
    const auto sent = read_time(time);
    const auto here = static_cast<std::uint64_t>(now.time_since_epoch().count());
    const auto apart = sent > here ? sent - here : here - sent;
    if (apart > static_cast<std::uint64_t>(kSealLasts.count())) return std::nullopt;
    return said;
}

}  // namespace livechat
