#include "gateway/watched_typing.hpp"

namespace livechat::gateway {
namespace {

// No clientId ends with a control character.
constexpr char kClient = '\x01';
constexpr char kAdmin = '\x02';

}  // namespace

bool WatchedTyping::tells(const TypingPayload& payload, Time now) {
    const auto key = payload.client_id + (payload.sender == Side::client ? kClient : kAdmin);
    const auto typist = typists_.find(key);
    if (!payload.is_typing) {
        if (typist == typists_.end()) return false;
        typists_.erase(typist);
        return rate_.allows(now);
    }
    if (typist != typists_.end() && now - typist->second < kRepeat) return false;
    if (typist == typists_.end() && typists_.size() >= kMaxTypists) {
        std::erase_if(typists_, [&](const auto& one) { return now - one.second >= kForget; });
        if (typists_.size() >= kMaxTypists) return false;
    }
    if (!rate_.allows(now)) return false;
    typists_[key] = now;
    return true;
}

std::vector<TypingPayload> WatchedTyping::typing(Time now) const {
    std::vector<TypingPayload> typing;
    for (const auto& [key, told] : typists_) {
        if (typing.size() == kPerSecond) break;
        if (now - told >= kFresh) continue;
        const auto sender = key.back() == kClient ? Side::client : Side::admin;
        typing.push_back({key.substr(0, key.size() - 1), true, sender});
    }
    return typing;
}

}  // namespace livechat::gateway
