#include "engineio/close_reason.hpp"

namespace livechat::eio {

std::string_view to_string(CloseReason reason) {
    switch (reason) {
        case CloseReason::client_close:
            return "client_close";
        case CloseReason::transport_close:
            return "transport_close";
        case CloseReason::ping_timeout:
            return "ping_timeout";
        case CloseReason::poll_timeout:
            return "poll_timeout";
        case CloseReason::parse_error:
            return "parse_error";
        case CloseReason::poll_overlap:
            return "poll_overlap";
        case CloseReason::post_overlap:
            return "post_overlap";
        case CloseReason::slow_reader:
            return "slow_reader";
        case CloseReason::server_close:
            return "server_close";
    }
    return "unknown";
}

}  // namespace livechat::eio
