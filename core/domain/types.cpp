#include "domain/types.hpp"

namespace livechat {

std::string_view to_string(Side side) { return side == Side::client ? "client" : "admin"; }

std::string_view to_string(SessionStatus status) {
    return status == SessionStatus::active ? "active" : "closed";
}

std::optional<SessionStatus> parse_status(std::string_view word) {
    for (const auto status : {SessionStatus::active, SessionStatus::closed}) {
        if (word == to_string(status)) return status;
    }
    return std::nullopt;
}

}  // namespace livechat
