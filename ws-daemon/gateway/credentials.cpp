#include "gateway/credentials.hpp"

#include <utility>

#include "base/cookies.hpp"
#include "base/ids.hpp"
#include "domain/access.hpp"

namespace livechat::gateway {
namespace {

// Longer ones are not worth a hash: a token is 43 characters and a prefix.
constexpr std::size_t kMaxToken = 128;

// Of another kind than its cookie is for, a token does not count: as over REST.
void add_cookie(std::vector<std::string>& hashes, std::string_view token, TokenKind kind) {
    if (kind_of_token(token) == kind) hashes.push_back(sha256(token));
}

}  // namespace

Result<Credentials> read_credentials(const app::Handshake& handshake, const app::Json& auth) {
    Credentials credentials;
    const auto token = auth.is_object() ? auth.find("token") : auth.end();
    if (token != auth.end() && !token->is_null()) {
        const bool text = token->is_string();
        const auto size = text ? token->get_ref<const std::string&>().size() : 0;
        if (size == 0 || size > kMaxToken) {
            return fail(ErrorCode::unauthorized, "auth.token is not a token");
        }
        credentials.hashes.push_back(sha256(token->get_ref<const std::string&>()));
        return credentials;
    }
    const auto& cookies = handshake.cookie;
    add_cookie(credentials.hashes, cookie_token(cookies, kVisitorCookie), TokenKind::visitor);
    add_cookie(credentials.hashes, cookie_token(cookies, kAgentCookie), TokenKind::agent);
    return credentials;
}

}  // namespace livechat::gateway
