// What a site signs to say that a visitor is who they are (docs/security.md, "Visitors who are
// signed in at your site"). Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/failure.hpp"

namespace livechat {

// As it came with a request.
struct Signature {
    std::string hex;
    std::optional<std::int64_t> expires = {};  // seconds since 1970; none: it is good for ever
};

// The text that is signed: the clientId, and on a line of its own when the signature expires. (A
// clientId holds no line break, so no two pairs give one text.)
std::string signed_text(std::string_view client_id, std::optional<std::int64_t> expires);

// Failures: signature_invalid, also when the site has no secret; signature_expired for one that was
// good.
Result<void> check_signature(std::string_view site_secret,
                             std::string_view client_id,
                             const Signature& signature,
                             std::chrono::system_clock::time_point now);

}  // namespace livechat
