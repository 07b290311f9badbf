#include "http/request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/ids.hpp"

namespace livechat::http {
namespace {

constexpr std::array<std::string_view, 6> kMethods{"GET", "HEAD",   "POST",
                                                   "PUT", "DELETE", "OPTIONS"};

constexpr std::size_t kRequestIdLength = 64;
constexpr std::size_t kRequestIdBytes = 12;

std::optional<std::uint64_t> parse_length(std::string_view digits) {
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return length;
}

bool is_plain(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
}

}  // namespace

Method parse_method(std::string_view word) {
    const auto found = std::ranges::find(kMethods, word);
    return static_cast<Method>(found - kMethods.begin());
}

std::string_view to_string(Method method) {
    return method == Method::other ? "other" : kMethods[static_cast<std::size_t>(method)];
}

tl::expected<std::string, BodyError> read_body(const Request& request, std::size_t limit) {
    // Without a length we ask for one byte over the limit: getting it is the proof of too much.
    std::size_t wanted = limit + 1;
    if (!request.content_length.empty()) {
        const auto length = parse_length(request.content_length);
        if (!length) return tl::unexpected(BodyError::bad_length);
        if (*length > limit) return tl::unexpected(BodyError::too_large);
        wanted = static_cast<std::size_t>(*length);
    }

    std::string body(wanted, '\0');
    body.resize(request.body && wanted > 0 ? request.body->read(body.data(), wanted) : 0);
    if (body.size() > limit) return tl::unexpected(BodyError::too_large);
    if (!request.content_length.empty() && body.size() < wanted) {
        return tl::unexpected(BodyError::incomplete);
    }
    return body;
}

bool announces_more_than(const Request& request, std::size_t limit) {
    const auto length = parse_length(request.content_length);
    return length && *length > limit;
}

std::string choose_request_id(std::string_view from_proxy) {
    if (!from_proxy.empty() && from_proxy.size() <= kRequestIdLength &&
        std::ranges::all_of(from_proxy, is_plain)) {
        return std::string(from_proxy);
    }
    return random_id(kRequestIdBytes);
}

}  // namespace livechat::http
