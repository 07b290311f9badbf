#include "feed/publication.hpp"

#include "base/json.hpp"
#include "domain/json.hpp"

namespace livechat::feed {
namespace {

std::string client_id_data(const db::Notification& notification) {
    std::string data = "{\"clientId\":";
    append_json_string(data, notification.client_id);
    data += '}';
    return data;
}

std::string read_data(const db::Notification& notification) {
    const Side reader =
        notification.kind == db::NotificationKind::client_read ? Side::client : Side::admin;
    std::string data = "{\"clientId\":";
    append_json_string(data, notification.client_id);
    data += ",\"reader\":\"";
    data += to_string(reader);
    data += "\",\"upTo\":" + std::to_string(notification.seq) + "}";
    return data;
}

std::string erased_data(const db::Notification& notification) {
    std::string data = "{\"clientId\":";
    append_json_string(data, notification.client_id);
    data += ",\"upTo\":" + std::to_string(notification.seq) + "}";
    return data;
}

struct Event {
    std::string name;
    std::string data;
};

std::optional<Event> event_of(const db::Notification& notification) {
    if (!notification.kind) return std::nullopt;
    switch (*notification.kind) {
        case db::NotificationKind::message: {
            std::string data;
            append_new_message(data, notification.client_id, notification.message);
            return Event{"new-message", std::move(data)};
        }
        case db::NotificationKind::client_read:
        case db::NotificationKind::admin_read:
            return Event{"messages-read", read_data(notification)};
        case db::NotificationKind::opened:
            return Event{"session-opened", client_id_data(notification)};
        case db::NotificationKind::closed:
            return Event{"session-closed", client_id_data(notification)};
        case db::NotificationKind::visitor:
            break;
        case db::NotificationKind::erased:
            return Event{"session-erased", erased_data(notification)};
    }
    return std::nullopt;
}

}  // namespace

std::optional<Publication> publish(const db::Notification& notification, const Position& position) {
    auto event = event_of(notification);
    if (!event) return std::nullopt;
    return Publication{notification.client_id, notification.id,
                       std::make_shared<hub::Broadcast>(std::move(event->name),
                                                        std::move(event->data), encode(position))};
}

Publication publish_session(const Session& session, hub::Position position) {
    std::string data;
    append_json(data, session);
    return {std::string(hub::kWatchersRoom), position,
            std::make_shared<hub::Broadcast>("session-updated", std::move(data), std::string(),
                                             session.client_id)};
}

}  // namespace livechat::feed
