#include "feed/publication.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/json.hpp"
#include "domain/json.hpp"

namespace livechat::feed {
namespace {

// What an event carries beside the clientId.
enum class Payload : std::uint8_t {
    nothing,  // there is no event
    client_id,
    message,
    read_by_client,
    read_by_admin,
    up_to,  // a seq
};

struct Event {
    std::string_view name;
    Payload payload;
};

constexpr Event kEvents[] = {
#define LIVECHAT_NOTIFICATION(kind, event, payload) {event, Payload::payload},
#include "domain/notifications.def"
#undef LIVECHAT_NOTIFICATION
};

std::string data_of(const db::Notification& notification, Payload payload) {
    std::string data;
    if (payload == Payload::message) {
        append_new_message(data, notification.client_id, notification.message);
        return data;
    }
    data += "{\"clientId\":";
    append_json_string(data, notification.client_id);
    const auto read_by = [&](Side reader) {
        data += ",\"reader\":\"";
        data += to_string(reader);
        data += '"';
    };
    if (payload == Payload::read_by_client) read_by(Side::client);
    if (payload == Payload::read_by_admin) read_by(Side::admin);
    if (payload != Payload::client_id) data += ",\"upTo\":" + std::to_string(notification.seq);
    data += '}';
    return data;
}

}  // namespace

std::optional<Publication> publish(const db::Notification& notification, const Position& position) {
    if (!notification.kind) return std::nullopt;
    const auto& [name, payload] = kEvents[static_cast<std::size_t>(*notification.kind)];
    if (payload == Payload::nothing) return std::nullopt;
    return Publication{notification.client_id, notification.id,
                       std::make_shared<hub::Broadcast>(
                           std::string(name), data_of(notification, payload), encode(position))};
}

Publication publish_session(const Session& session, hub::Position position) {
    std::string data;
    append_json(data, session);
    return {std::string(hub::kWatchersRoom), position,
            std::make_shared<hub::Broadcast>("session-updated", std::move(data), std::string(),
                                             session.client_id)};
}

}  // namespace livechat::feed
