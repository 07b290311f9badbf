#include "domain/types.hpp"

namespace livechat {

std::string_view to_string(Side side) { return side == Side::client ? "client" : "admin"; }

std::string_view to_string(SessionStatus status) {
    return status == SessionStatus::active ? "active" : "closed";
}

}  // namespace livechat
