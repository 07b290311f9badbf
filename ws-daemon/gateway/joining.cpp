// Entering rooms: the part of the Gateway that brings a socket from what it has of a room to where
// the feed is (docs/architecture.md, "Entering a room without a gap").
//
// A replay reads ahead of no reader. A socket has one page under way at a time, and the next is
// read when the peer has taken the one before; until then nothing of the replay is kept but where
// it stands.
#include <algorithm>
#include <utility>

#include "base/address.hpp"
#include "base/json.hpp"
#include "domain/json.hpp"
#include "gateway/chat_socket.hpp"
#include "gateway/error_args.hpp"
#include "gateway/gateway.hpp"

namespace livechat::gateway {
namespace {

// With more than this to read a client gets no page; well below the bound at which it would be
// closed as slow. How often it is looked at: less often while it does not read.
constexpr std::size_t kReplayWindow = 64 * 1024;
constexpr std::chrono::milliseconds kShortestLook{20};
constexpr std::chrono::milliseconds kLongestLook{320};
// Pages under way at once for the sockets of one address.
constexpr std::size_t kPagesPerAddress = 4;
constexpr std::string_view kReplayFailed = "replay failed";

}  // namespace

void Gateway::join(app::Socket& socket, app::Event& event) {
    const auto reply = reply_to(socket, event);
    auto payload = read_join(event.args, limits_);
    if (!payload) return refuse(reply, payload.error());
    if (!permitted(socket, event, {Operation::join, payload->client_id})) return;
    // What was seen before the database was restored need not be there any more, or may be another.
    const bool other_epoch =
        payload->epoch && !payload->epoch->empty() && !epoch_.empty() && *payload->epoch != epoch_;
    if (other_epoch && payload->after) payload->after = 0;
    auto& rooms = ChatSocket::of(socket).rooms;
    const auto known = ChatSocket::of(socket).find(payload->client_id);
    const auto most = rooms_of(ChatSocket::of(socket));
    if (known == rooms.end() && rooms.size() >= most) {
        return refuse(reply, {ErrorCode::too_many_rooms,
                              "this socket joins at most " + std::to_string(most) + " rooms"});
    }

    Join join{.reply = reply, .payload = *std::move(payload), .number = ++joins_};
    if (known == rooms.end()) {
        rooms.push_back({.room = join.payload.client_id, .number = join.number, .viewed = false});
    } else if (join.payload.after) {
        known->number = join.number;
        known->live = false;
    } else {
        // It is there already and misses nothing; it only wants to know lastSeq.
        join.number = known->number;
        return answer_position(std::move(join));
    }
    hub_.enter(join.payload.client_id, socket);
    view(std::move(join));
}

void Gateway::answer_position(Join join) {
    const auto client_id = join.payload.client_id;
    backend_.view_room(client_id, std::nullopt,
                       [this, join = std::move(join)](Result<RoomView> view) {
                           if (!view) return refuse(join.reply, view.error());
                           answer_joined(join, view->last_seq);
                       });
}

void Gateway::answer_joined(const Join& join, Seq last_seq) const {
    auto args = ok();
    args[0]["clientId"] = join.payload.client_id;
    args[0]["lastSeq"] = last_seq;
    if (join.payload.epoch) args[0]["epoch"] = epoch_;
    answer(join.reply, args);
}

std::shared_ptr<app::Socket> Gateway::member(const Join& join) const {
    auto socket = join.reply.socket.lock();
    if (!socket || !socket->connected()) return nullptr;
    auto& state = ChatSocket::of(*socket);
    const auto membership = state.find(join.payload.client_id);
    const bool same = membership != state.rooms.end() && membership->number == join.number;
    return same ? socket : nullptr;
}

void Gateway::view(Join join) {
    const auto socket = member(join);
    const bool with_page = socket && join.payload.after && begin_page(*socket);
    const auto client_id = join.payload.client_id;
    const auto after = with_page ? join.payload.after : std::nullopt;
    auto page = with_page ? page_turn(*socket) : PageTurn{};
    backend_.view_room(client_id, after,
                       [this, page, join = std::move(join)](Result<RoomView> view) mutable {
                           end_page(page);
                           viewed(std::move(join), std::move(view));
                           advance(page.socket);
                       });
}

void Gateway::viewed(Join join, Result<RoomView> view) {
    const auto socket = member(join);
    if (!view && join.answered) {
        // It was told that it is in the room, where it now lacks something.
        if (socket) socket->disconnect(true, kReplayFailed);
        return;
    }
    if (!view) {
        refuse(join.reply, view.error());
        if (socket) drop_membership(*socket, join.payload.client_id);
        return;
    }
    if (!std::exchange(join.answered, true)) answer_joined(join, view->last_seq);
    if (!socket) return;
    join.covered = view->covered;
    join.last_seq = view->last_seq;
    const auto room = join.payload.client_id;
    if (join.payload.after) {
        deliver_page(join, *socket, view->page);
        auto& replays = ChatSocket::of(*socket).replays;
        std::erase_if(replays, [this](const Join& one) { return !member(one); });
        replays.push_back(std::move(join));
        advance(socket);
    } else {
        go_live(std::move(join), *socket);
    }
    release_sends(*socket, room);
}

void Gateway::deliver_page(Join& join, app::Socket& socket, const db::MessagePage& page) {
    for (const auto& message : page.messages) {
        std::string data;
        append_new_message(data, join.payload.client_id, message);
        socket.deliver(std::make_shared<hub::Broadcast>("new-message", std::move(data)));
    }
    join.payload.after = std::max(*join.payload.after, page.last);
}

// Goes on with what the socket lacks, one after the other, as far as its peer has room for it.
void Gateway::advance(const std::weak_ptr<app::Socket>& weak) {
    const auto socket = weak.lock();
    if (!socket || !socket->connected()) return;
    advance_replays(*socket);
    advance_behind(*socket);
}

void Gateway::advance_replays(app::Socket& socket) {
    auto& replays = ChatSocket::of(socket).replays;
    while (!replays.empty() && !ChatSocket::of(socket).reading_page) {
        Join& next = replays.front();
        const bool over = !member(next);
        if (over || *next.payload.after >= next.last_seq) {
            Join done = std::move(next);
            replays.pop_front();
            if (!over) go_live(std::move(done), socket);
        } else if (begin_page(socket)) {
            read_page(socket, next);
        } else {
            return look_later(socket);
        }
    }
}

void Gateway::read_page(app::Socket& socket, const Join& join) {
    db::PageBounds bounds = ChatService::kReplayPage;
    bounds.messages = std::min(bounds.messages, join.last_seq - *join.payload.after);
    backend_.messages_after(
        join.payload.client_id, *join.payload.after, bounds,
        [this, turn = page_turn(socket), number = join.number](Result<db::MessagePage> page) {
            end_page(turn);
            const auto still = turn.socket.lock();
            if (!still || !still->connected()) return;
            auto& replays = ChatSocket::of(*still).replays;
            const auto asked = std::ranges::find(replays, number, &Join::number);
            if (asked != replays.end() && member(*asked)) {
                // Half a replay is worse than none: the client comes again and asks once more.
                if (!page) return still->disconnect(true, kReplayFailed);
                deliver_page(*asked, *still, *page);
                // Nothing where something was: it was removed meanwhile.
                if (page->last == 0) asked->payload.after = asked->last_seq;
            }
            advance(still);
        });
}

// Whether the socket may have a page read for it now; if so, one is under way until end_page().
bool Gateway::begin_page(app::Socket& socket) {
    auto& state = ChatSocket::of(socket);
    if (state.reading_page || socket.queued() > kReplayWindow || !socket.has_room()) return false;
    if (const auto from = peer_of(state.peer.address); !from.empty()) {
        auto& pages = pages_under_way_[from];
        if (pages >= kPagesPerAddress) return false;
        ++pages;
    }
    state.reading_page = true;
    state.look_pause = kShortestLook;
    return true;
}

Gateway::PageTurn Gateway::page_turn(app::Socket& socket) {
    return {socket.weak_from_this(), peer_of(ChatSocket::of(socket).peer.address), true};
}

void Gateway::end_page(const PageTurn& turn) {
    if (!turn.begun) return;
    if (const auto socket = turn.socket.lock()) ChatSocket::of(*socket).reading_page = false;
    const auto pages = pages_under_way_.find(turn.address);
    if (pages != pages_under_way_.end() && --pages->second == 0) pages_under_way_.erase(pages);
}

// The peer has not read what it got, or others at its address are served: its rooms wait, and what
// is said in them meanwhile is not kept but read later.
void Gateway::look_later(app::Socket& socket) {
    auto& state = ChatSocket::of(socket);
    for (const auto& join : state.replays) hub_.hold_nothing(join.payload.client_id, socket);
    for (const auto& behind : state.behind) hub_.hold_nothing(behind.room, socket);
    if (std::exchange(state.look_pending, true)) return;
    const auto pause =
        std::exchange(state.look_pause, std::min(state.look_pause * 2, kLongestLook));
    surroundings_.later(pause, [this, weak = socket.weak_from_this()] {
        const auto still = weak.lock();
        if (!still || !still->connected()) return;
        ChatSocket::of(*still).look_pending = false;
        advance(still);
    });
}

void Gateway::go_live(Join join, app::Socket& socket) {
    if (hub_.go_live(join.payload.client_id, socket, join.covered)) {
        become_live(socket, join.payload.client_id, join.covered);
        count_visitor(socket, join.payload.client_id);
        return;
    }
    // More came than could be held. What was shown so far is the new starting point.
    if (!join.payload.after) join.payload.after = join.last_seq;
    view(std::move(join));
}

}  // namespace livechat::gateway
