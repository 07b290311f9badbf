#include "api/json_body.hpp"

#include <algorithm>
#include <cstdint>

#include "api/problems.hpp"
#include "domain/rules.hpp"

namespace livechat::api {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The largest whole number that JavaScript tells from its neighbours.
constexpr std::uint64_t kLatestExpiry = (std::uint64_t{1} << 53) - 1;

http::Problem invalid_payload(std::string detail) {
    return {.code = ErrorCode::invalid_payload, .detail = std::move(detail)};
}

}  // namespace

bool says_json(std::string_view content_type) {
    content_type = content_type.substr(0, content_type.find(';'));
    std::string type(content_type);
    std::ranges::transform(type, type.begin(), lower);
    while (type.ends_with(' ') || type.ends_with('\t')) type.pop_back();

    constexpr std::string_view kTree = "application/";
    if (!type.starts_with(kTree)) return false;
    const auto subtype = std::string_view(type).substr(kTree.size());
    return subtype == "json" || (subtype.size() > 5 && subtype.ends_with("+json"));
}

tl::expected<Json, http::Problem> read_json_object(const http::Request& request,
                                                   const Limits& limits) {
    if (!request.content_type.empty() && !says_json(request.content_type)) {
        return tl::unexpected(http::Problem{.code = ErrorCode::unsupported_media_type,
                                            .detail = "The body must be application/json"});
    }
    const auto body = http::read_body(request, limits.body_bytes);
    if (!body) return tl::unexpected(to_problem(body.error(), limits.body_bytes));
    if (body->empty()) return tl::unexpected(invalid_payload("The body is empty"));

    auto json = parse_json(*body);
    if (!json) return tl::unexpected(invalid_payload("The body is not JSON in UTF-8"));
    if (!json->is_object()) return tl::unexpected(invalid_payload("The body is not a JSON object"));
    return *std::move(json);
}

Result<std::optional<std::string>> optional_text(const Json& object,
                                                 std::string_view name,
                                                 ErrorCode invalid) {
    const auto member = object.find(name);
    if (member == object.end() || member->is_null()) return std::optional<std::string>();
    if (!member->is_string()) return fail(invalid, std::string(name) + " must be a string");
    return member->get<std::string>();
}

Result<std::string> required_text(const Json& object,
                                  std::string_view name,
                                  ErrorCode missing,
                                  ErrorCode invalid) {
    auto text = optional_text(object, name, invalid);
    if (!text) return tl::unexpected(text.error());
    if (!*text) return fail(missing, std::string(name) + " is required");
    return **std::move(text);
}

Result<std::optional<Signature>> signature_members(const Json& object) {
    auto hex = optional_text(object, "signature", ErrorCode::signature_invalid);
    if (!hex) return tl::unexpected(hex.error());
    if (!*hex) return std::optional<Signature>();
    Signature signature{**std::move(hex)};
    const auto expires = object.find("expires");
    if (expires == object.end() || expires->is_null()) return signature;
    if (!expires->is_number_unsigned() || expires->get<std::uint64_t>() > kLatestExpiry) {
        return fail(ErrorCode::signature_invalid,
                    "expires is a whole number, the seconds since 1970");
    }
    signature.expires = expires->get<std::int64_t>();
    return signature;
}

Result<std::string> client_id_member(const Json& object) {
    return required_text(object, "clientId", ErrorCode::client_id_required,
                         ErrorCode::client_id_invalid);
}

Result<Side> sender_member(const Json& object) {
    return required_text(object, "sender", ErrorCode::sender_invalid, ErrorCode::sender_invalid)
        .and_then([](const std::string& word) { return rules::parse_side(word); });
}

}  // namespace livechat::api
