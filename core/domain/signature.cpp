#include "domain/signature.hpp"

#include "base/secret.hpp"

namespace livechat {

std::string signed_text(std::string_view client_id, std::optional<std::int64_t> expires) {
    std::string text(client_id);
    if (expires) text += '\n' + std::to_string(*expires);
    return text;
}

Result<void> check_signature(std::string_view site_secret,
                             std::string_view client_id,
                             const Signature& signature,
                             std::chrono::system_clock::time_point now) {
    if (site_secret.empty() ||
        !verify_signature(site_secret, signed_text(client_id, signature.expires), signature.hex)) {
        return fail(ErrorCode::signature_invalid,
                    signature.expires ? "signature is not the site's for this clientId and expires"
                                      : "signature is not the site's for this clientId");
    }
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    if (signature.expires && seconds >= *signature.expires) {
        return fail(ErrorCode::signature_expired,
                    "signature has expired; the site has to sign again");
    }
    return {};
}

}  // namespace livechat
