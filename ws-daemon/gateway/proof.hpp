// What the database says of some tokens, together with which tokens it was asked about. An answer
// comes later than its question, and says nothing of a token that a socket has got meanwhile.
#pragma once

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "domain/access.hpp"

namespace livechat::gateway {

class Proof {
  public:
    Proof() = default;
    // identities: what those of the `asked` prove that prove anything. Both name tokens by hash.
    Proof(std::vector<std::string> asked, std::vector<Identity> identities)
        : asked_(std::move(asked)), identities_(std::move(identities)) {
        std::ranges::sort(asked_);
    }

    // What these tokens prove; none unless the question was about every one of them.
    std::optional<Principal> of(std::span<const std::string> token_hashes) const {
        const bool asked = std::ranges::all_of(token_hashes, [&](const std::string& hash) {
            return std::ranges::binary_search(asked_, hash);
        });
        if (!asked) return std::nullopt;
        Principal principal;
        std::ranges::copy_if(
            identities_, std::back_inserter(principal.identities), [&](const Identity& identity) {
                return std::ranges::find(token_hashes, identity.token_hash) != token_hashes.end();
            });
        return principal;
    }

  private:
    std::vector<std::string> asked_;  // sorted
    std::vector<Identity> identities_;
};

}  // namespace livechat::gateway
