#include "gateway/credentials.hpp"

#include <algorithm>
#include <utility>

#include "base/cookies.hpp"
#include "base/ids.hpp"

namespace livechat::gateway {
namespace {

// Longer ones are not worth a hash: a token is 43 characters and a prefix.
constexpr std::size_t kMaxToken = 128;

void add(std::vector<std::string>& hashes, std::string_view token) {
    if (token.empty() || token.size() > kMaxToken) return;
    auto hash = sha256(token);
    if (std::ranges::find(hashes, hash) == hashes.end()) hashes.push_back(std::move(hash));
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
        add(credentials.hashes, token->get_ref<const std::string&>());
        return credentials;
    }
    add(credentials.hashes, cookie_value(handshake.cookie, kVisitorCookie));
    add(credentials.hashes, cookie_value(handshake.cookie, kAgentCookie));
    return credentials;
}

}  // namespace livechat::gateway
