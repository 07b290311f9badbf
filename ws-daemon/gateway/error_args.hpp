// A failure as an acknowledgement and the event chat-error show it.
#pragma once

#include "app/socket.hpp"
#include "domain/failure.hpp"

namespace livechat::gateway {

// {"code"} and, where waiting helps, {"retryAfterMs"}: what connect_error carries as well.
inline app::Json failure_data(const Failure& failure) {
    app::Json data{{"code", to_string(failure.code)}};
    if (failure.retry_after) data["retryAfterMs"] = failure.retry_after->count();
    return data;
}

// The arguments of the answer to an event: an array of one.
inline app::Json error_args(const Failure& failure) {
    app::Json error{
        {"status", "error"}, {"code", to_string(failure.code)}, {"message", failure.message}};
    if (failure.retry_after) error["retryAfterMs"] = failure.retry_after->count();
    return app::Json::array({std::move(error)});
}

}  // namespace livechat::gateway
