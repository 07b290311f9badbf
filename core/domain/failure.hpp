// Outcomes that are to be expected and that the caller is told of: Result<T> holds a value or one
// of these. What is nobody's choice (the database went away) is an exception instead.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace livechat {

// The stable names that REST shows as `code` and acks as `code`.
enum class ErrorCode {
    invalid_payload,  // not the JSON, or not the kind of JSON, that was asked for
    client_id_required,
    client_id_invalid,
    message_required,
    message_invalid,
    message_too_long,
    message_id_invalid,
    sender_invalid,
    limit_invalid,
    page_invalid,
    seq_invalid,
    cursor_invalid,
    status_invalid,
    visitor_invalid,
    session_not_found,
    unauthorized,  // no token, or none that is good
    forbidden,
    login_failed,
    signature_required,
    signature_invalid,
    signature_expired,
    origin_refused,
    origin_required,  // a cookie alone, without an Origin beside it
    banned,
    rate_limited,
    too_many_sessions,
    username_invalid,
    username_taken,
    password_invalid,
    role_invalid,
    name_invalid,
    scope_invalid,
    ban_invalid,
    not_found,  // an agent, a token, a ban
    too_many_rooms,
    not_joined,
    unknown_event,
    busy,
    unavailable,
    internal,
};

std::string_view to_string(ErrorCode code);

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
