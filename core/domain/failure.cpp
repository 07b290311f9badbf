#include "domain/failure.hpp"

namespace livechat {

std::string_view to_string(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid_payload:
            return "invalid_payload";
        case ErrorCode::client_id_required:
            return "client_id_required";
        case ErrorCode::client_id_invalid:
            return "client_id_invalid";
        case ErrorCode::message_required:
            return "message_required";
        case ErrorCode::message_invalid:
            return "message_invalid";
        case ErrorCode::message_too_long:
            return "message_too_long";
        case ErrorCode::message_id_invalid:
            return "message_id_invalid";
        case ErrorCode::sender_invalid:
            return "sender_invalid";
        case ErrorCode::limit_invalid:
            return "limit_invalid";
        case ErrorCode::page_invalid:
            return "page_invalid";
        case ErrorCode::seq_invalid:
            return "seq_invalid";
        case ErrorCode::cursor_invalid:
            return "cursor_invalid";
        case ErrorCode::status_invalid:
            return "status_invalid";
        case ErrorCode::visitor_invalid:
            return "visitor_invalid";
        case ErrorCode::session_not_found:
            return "session_not_found";
        case ErrorCode::unauthorized:
            return "unauthorized";
        case ErrorCode::forbidden:
            return "forbidden";
        case ErrorCode::login_failed:
            return "login_failed";
        case ErrorCode::signature_required:
            return "signature_required";
        case ErrorCode::signature_invalid:
            return "signature_invalid";
        case ErrorCode::signature_expired:
            return "signature_expired";
        case ErrorCode::origin_refused:
            return "origin_refused";
        case ErrorCode::origin_required:
            return "origin_required";
        case ErrorCode::banned:
            return "banned";
        case ErrorCode::rate_limited:
            return "rate_limited";
        case ErrorCode::too_many_sessions:
            return "too_many_sessions";
        case ErrorCode::username_invalid:
            return "username_invalid";
        case ErrorCode::username_taken:
            return "username_taken";
        case ErrorCode::password_invalid:
            return "password_invalid";
        case ErrorCode::role_invalid:
            return "role_invalid";
        case ErrorCode::name_invalid:
            return "name_invalid";
        case ErrorCode::scope_invalid:
            return "scope_invalid";
        case ErrorCode::ban_invalid:
            return "ban_invalid";
        case ErrorCode::not_found:
            return "not_found";
        case ErrorCode::too_many_rooms:
            return "too_many_rooms";
        case ErrorCode::not_joined:
            return "not_joined";
        case ErrorCode::unknown_event:
            return "unknown_event";
        case ErrorCode::busy:
            return "busy";
        case ErrorCode::unavailable:
            return "unavailable";
        case ErrorCode::internal:
            return "internal";
    }
    return "internal";
}

}  // namespace livechat
