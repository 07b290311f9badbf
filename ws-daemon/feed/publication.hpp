// Notifications as the events that sockets hear of (contract, "server emits").
#pragma once

#include <optional>
#include <string>

#include "db/notification_repository.hpp"
#include "domain/types.hpp"
#include "feed/position.hpp"
#include "hub/hub.hpp"

namespace livechat::feed {

// One event for one room of the hub.
struct Publication {
    std::string room;
    hub::Position position = 0;
    hub::SharedBroadcast broadcast;
};

// new-message, messages-read, session-opened, session-closed or session-erased. None: the room
// hears nothing of it (kind visitor, or none). position: the feed's, once this one is seen.
std::optional<Publication> publish(const db::Notification& notification, const Position& position);

// session-updated, for the watchers' room.
Publication publish_session(const Session& session, hub::Position position);

}  // namespace livechat::feed
