#include "chat/identity_cache.hpp"

#include <algorithm>

namespace livechat {

const Identity* IdentityCache::find(std::string_view token_hash, Time now) const {
    const auto found = entries_.find(std::string(token_hash));
    if (found == entries_.end() || now >= found->second.until) return nullptr;
    return &found->second.identity;
}

const Identity& IdentityCache::put(Identity identity, Time now) {
    if (entries_.size() >= most_) entries_.clear();
    std::chrono::milliseconds keep = keep_;
    if (identity.expires_in) {
        keep = std::min(keep, *identity.expires_in);
    }
    const auto hash = identity.token_hash;
    auto& entry = entries_[hash];
    entry = {std::move(identity), now + keep};
    return entry.identity;
}

void IdentityCache::forget(std::string_view token_hash) { entries_.erase(std::string(token_hash)); }

}  // namespace livechat
