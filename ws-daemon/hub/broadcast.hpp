// An event on its way to many sockets: serialised once, shared by all of them.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace livechat::hub {

// The name, the data and the offset are plain text; what they look like on a wire (Socket.IO
// packet, plain WebSocket frame, …) is known to the sinks alone. The first sink of a kind leaves
// its encoded form in a slot, and the others of that kind send the same bytes. Immutable but for
// the slots; used on the event loop's thread only.
class Broadcast {
  public:
    static constexpr std::size_t kSlots = 4;

    // data: one JSON value, compact. offset: where a client that has this event resumes from (the
    // recovery offset, see docs/protocol.md), or empty for an event that is not resumed. key: of an
    // event that says how something is now; a sink that has not got an earlier one with the same
    // key needs only this one. Empty: each counts.
    Broadcast(std::string event, std::string data, std::string offset = {}, std::string key = {})
        : event_(std::move(event)),
          data_(std::move(data)),
          offset_(std::move(offset)),
          key_(std::move(key)) {}

    const std::string& event() const { return event_; }
    const std::string& data() const { return data_; }
    const std::string& offset() const { return offset_; }
    const std::string& key() const { return key_; }

    // The encoded form in `slot`, made by `make()` (which returns a shared_ptr<const Form>) at
    // first. One slot always holds the same Form.
    template <class Form, class Make>
    std::shared_ptr<const Form> encoded(std::size_t slot, Make make) const {
        auto& form = encoded_.at(slot);
        if (!form) form = std::shared_ptr<const Form>(make());
        return std::static_pointer_cast<const Form>(form);
    }

  private:
    std::string event_;
    std::string data_;
    std::string offset_;
    std::string key_;
    mutable std::array<std::shared_ptr<const void>, kSlots> encoded_;
};

using SharedBroadcast = std::shared_ptr<const Broadcast>;

}  // namespace livechat::hub
