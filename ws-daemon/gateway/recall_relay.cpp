#include "gateway/recall_relay.hpp"

namespace livechat::gateway {
namespace {

constexpr std::string_view kWord = "recall ";
constexpr std::size_t kKeyBytes = 32;

}  // namespace

std::string encode_recall(std::string_view recovery_key) {
    return std::string(kWord).append(recovery_key);
}

std::optional<std::string> decode_recall(std::string_view datagram) {
    if (datagram.size() != kWord.size() + kKeyBytes || !datagram.starts_with(kWord)) {
        return std::nullopt;
    }
    return std::string(datagram.substr(kWord.size()));
}

}  // namespace livechat::gateway
