// What the hub knows of a socket: a place where broadcasts go.
#pragma once

#include "hub/broadcast.hpp"

namespace livechat::hub {

class Sink {
  public:
    virtual ~Sink() = default;

    // Never blocks and never throws: a sink whose peer does not read closes itself (later, from the
    // event loop, so that the hub's lists do not change under a broadcast).
    virtual void deliver(const SharedBroadcast& broadcast) = 0;

    // Whether one event more, of any size that is allowed, leaves its peer connected.
    virtual bool has_room() const { return true; }
};

}  // namespace livechat::hub
