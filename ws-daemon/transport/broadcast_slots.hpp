// Which slot of a hub::Broadcast holds which encoded form.
#pragma once

#include <cstddef>

namespace livechat::transport::slot {

inline constexpr std::size_t socketio =
    0;                                   // a WebSocket frame of a Socket.IO packet, namespace "/"
inline constexpr std::size_t plain = 1;  // a WebSocket frame of ["event",data]

}  // namespace livechat::transport::slot
