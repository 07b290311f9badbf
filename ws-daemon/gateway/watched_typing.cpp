#include "gateway/watched_typing.hpp"

namespace livechat::gateway {

bool WatchedTyping::tells(const TypingPayload& payload, Time now) {
    // No clientId ends with a control character.
    const auto key = payload.client_id + (payload.sender == Side::client ? '\x01' : '\x02');
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

}  // namespace livechat::gateway
