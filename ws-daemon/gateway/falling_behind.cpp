// Peers that read more slowly than their rooms talk: the part of the Gateway that lets them catch
// up. What a visitor writes must not close an agent's connection, and what waits for an agent must
// not fill the memory. So a socket without room gets nothing more of the room; what it lacks is in
// the database, and is read in small pages as the peer takes them, until the socket is live again.
#include <algorithm>
#include <memory>
#include <string>

#include "feed/publication.hpp"
#include "gateway/chat_socket.hpp"
#include "gateway/gateway.hpp"

namespace livechat::gateway {

// Of the watchers' room the hub keeps the newest state of each session.
void Gateway::fell_behind(std::string_view room, app::Socket& socket, hub::Position position) {
    auto& state = ChatSocket::of(socket);
    if (room == hub::kWatchersRoom) {
        state.states_kept = true;
    } else if (const auto membership = state.find(room); membership != state.rooms.end()) {
        membership->live = false;
        state.behind.push_back({membership->room, membership->number, position - 1});
    }
    look_later(socket);
}

void Gateway::advance_behind(app::Socket& socket) {
    auto& state = ChatSocket::of(socket);
    if (state.states_kept) state.states_kept = !hub_.deliver_kept(hub::kWatchersRoom, socket);
    std::erase_if(state.behind, [&](const ChatSocket::Behind& one) {
        const auto membership = state.find(one.room);
        return membership == state.rooms.end() || membership->number != one.number;
    });
    if (state.reading_page) return;
    if (state.behind.empty()) {
        if (state.states_kept) look_later(socket);
        return;
    }
    if (!begin_page(socket)) return look_later(socket);
    const auto& next = state.behind.front();
    hub_.enter(next.room, socket);  // what is published from here on is held
    backend_.news_after(next.room, next.has,
                        [this, turn = page_turn(socket),
                         number = next.number](const Result<std::optional<RoomNews>>& news) {
                            end_page(turn);
                            caught_up_to(turn, number, news);
                            advance(turn.socket);
                        });
}

void Gateway::caught_up_to(const PageTurn& turn,
                           std::uint64_t number,
                           const Result<std::optional<RoomNews>>& news) {
    const auto socket = turn.socket.lock();
    if (!socket || !socket->connected()) return;
    auto& state = ChatSocket::of(*socket);
    const auto behind = std::ranges::find(state.behind, number, &ChatSocket::Behind::number);
    const bool over = behind == state.behind.end() ||
                      std::ranges::find(state.rooms, number, &ChatSocket::Membership::number) ==
                          state.rooms.end();
    if (over) return;
    // As with a replay: the client comes again and asks for what it lacks.
    if (!news || !*news) return socket->disconnect(true, "catching up failed");
    for (const auto& notification : (*news)->notifications) {
        if (!socket->has_room()) return;
        // Without an offset: that of another room may be ahead of it.
        if (const auto event = feed::publish(notification, {})) {
            socket->deliver(std::make_shared<hub::Broadcast>(event->broadcast->event(),
                                                             event->broadcast->data()));
        }
        behind->has = notification.id;
    }
    if (!(*news)->complete || !hub_.go_live(behind->room, *socket, behind->has)) return;
    become_live(*socket, behind->room, behind->has);
    state.behind.erase(behind);
}

// It can be recovered from here on, and from no earlier offset.
void Gateway::become_live(app::Socket& socket, std::string_view room, hub::Position covered) {
    auto& state = ChatSocket::of(socket);
    const auto membership = state.find(room);
    membership->live = true;
    membership->covered = covered;
    state.joined_at = std::max({state.joined_at, position_.newest, covered});
}

}  // namespace livechat::gateway
