// Expected outcomes that the caller is told about: Result<T> holds a value or one of these. What no
// caller can help (the database went away) is an exception instead.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace livechat {

// The stable names that REST and the acknowledgements of sockets give as `code`.
enum class ErrorCode {
#define LIVECHAT_ERROR(code, status, told_by, meaning) code,
#include "domain/error_codes.def"
#undef LIVECHAT_ERROR
};

std::string_view to_string(ErrorCode code);

// What REST answers with it (RFC 9110).
int http_status(ErrorCode code);

struct Failure {
    ErrorCode code;
    std::string message;  // for people: a sentence without a full stop, safe to show to a stranger
    // Of rate_limited: how long to wait.
    std::optional<std::chrono::milliseconds> retry_after = {};

    bool operator==(const Failure&) const = default;
};

template <class T>
using Result = tl::expected<T, Failure>;

inline tl::unexpected<Failure> fail(ErrorCode code, std::string message) {
    return tl::unexpected<Failure>({code, std::move(message)});
}

}  // namespace livechat
