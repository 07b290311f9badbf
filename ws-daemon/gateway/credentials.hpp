// The tokens that a connection brings along: with its CONNECT, or in its cookies. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/application.hpp"
#include "domain/failure.hpp"

namespace livechat::gateway {

struct Credentials {
    // SHA-256 of each token. One in the payload stands alone: a client that says who it is is
    // believed or refused, whatever the cookies prove.
    std::vector<std::string> hashes;
};

// auth: the payload of the CONNECT, of which `token` counts; null is none, and anything else that
// cannot be a token is a failure. Cookies that cannot be tokens are left out.
Result<Credentials> read_credentials(const app::Handshake& handshake, const app::Json& auth);

}  // namespace livechat::gateway
