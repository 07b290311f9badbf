// Connection state recovery (docs/protocol.md, "Recovery"): the part of the Gateway that puts a
// client which comes back where it was.
//
// Nothing is missed and nothing comes twice because the rooms are entered before the database is
// read: what the feed brings meanwhile is held, and what the reading shows of all that the feed had
// shown by then is sent before it.
//
// It is unknown whether what is sent arrives: the connection may break again at once. So what is
// left behind then counts only as seen what the client's own offset has named.
#include <algorithm>
#include <chrono>
#include <utility>

#include "base/ids.hpp"
#include "feed/publication.hpp"
#include "gateway/chat_socket.hpp"
#include "gateway/gateway.hpp"

namespace livechat::gateway {
namespace {

constexpr std::size_t kPidBytes = 24;
constexpr std::size_t kPidChars = 32;  // base64url of them
// For another daemon to write what a socket leaves behind that it has not missed yet.
constexpr std::chrono::milliseconds kRecallPause{150};
// What a client missed and gets at once has to fit into the bounds of its socket.
constexpr std::size_t kMaxMissedBytes = 512 * 1024;

// No one else finds what a pid leaves behind, even with the pid: it is kept under a name that only
// the pid together with the holder's token gives.
std::string recovery_key(const std::vector<std::string>& token_hashes, std::string_view pid) {
    std::string name(pid);
    if (!token_hashes.empty()) name.append(1, '\0').append(token_hashes.front());
    return sha256(name);
}

std::string_view text_member(const app::Json& object, const char* name) {
    if (!object.is_object()) return {};
    const auto place = object.find(name);
    if (place == object.end() || !place->is_string()) return {};
    return place->get_ref<const std::string&>();
}

// The missed events, each with the offset that the client has once it got it.
std::vector<hub::SharedBroadcast> publish_all(const Missed& missed, feed::CatchUp catch_up) {
    std::vector<hub::SharedBroadcast> broadcasts;
    broadcasts.reserve(missed.notifications.size());
    for (const auto& notification : missed.notifications) {
        const auto& position = catch_up.take(notification.id);
        if (auto publication = feed::publish(notification, position)) {
            broadcasts.push_back(std::move(publication->broadcast));
        }
    }
    return broadcasts;
}

bool fits(const std::vector<hub::SharedBroadcast>& broadcasts) {
    std::size_t bytes = 0;
    for (const auto& broadcast : broadcasts) bytes += broadcast->data().size();
    return bytes <= kMaxMissedBytes;
}

}  // namespace

void Gateway::start_fresh(app::Socket& socket) {
    const auto pid = random_id(kPidBytes);
    hold(socket, recovery_key(ChatSocket::of(socket).token_hashes, pid));
    accept(socket, pid);
}

void Gateway::accept(app::Socket& socket, std::string_view pid) {
    ChatSocket::of(socket).accepted = true;
    socket.accept(pid);
}

void Gateway::hold(app::Socket& socket, std::string recovery_key) {
    let_go(socket);
    auto& own = ChatSocket::of(socket).recovery_key;
    own = std::move(recovery_key);
    holders_[own] = &socket;
}

void Gateway::let_go(app::Socket& socket) {
    const auto holder = holders_.find(ChatSocket::of(socket).recovery_key);
    if (holder != holders_.end() && holder->second == &socket) holders_.erase(holder);
}

// The network broke and it was not noticed here yet: a polling client was between two polls, or the
// other end of a WebSocket has vanished.
void Gateway::supersede(const std::string& recovery_key) {
    const auto holder = holders_.find(recovery_key);
    if (holder == holders_.end()) return;
    const auto socket = holder->second->shared_from_this();
    save_recovery(*socket);
    retire(*socket);
    socket->disconnect(true, "superseded");
}

bool Gateway::recover(const std::shared_ptr<app::Socket>& socket, const app::Json& auth) {
    const auto pid = text_member(auth, "pid");
    const auto standing = feed::decode_position(text_member(auth, "offset"));
    // An offset beyond the feed is of another database, or of a daemon that is ahead of this one.
    if (pid.size() != kPidChars || !standing || standing->newest > position_.newest) return false;

    Recovery recovery{.socket = socket,
                      .pid = std::string(pid),
                      .key = recovery_key(ChatSocket::of(*socket).token_hashes, pid),
                      .standing = *standing,
                      .feed = {}};
    supersede(recovery.key);
    take_place(std::move(recovery));
    return true;
}

void Gateway::take_place(Recovery recovery) {
    const auto key = recovery.key;
    backend_.take_recovery(key, [this, recovery = std::move(recovery)](
                                    Result<std::optional<db::RecoveryRecord>> record) mutable {
        const auto socket = recovery.socket.lock();
        if (!socket || !socket->connected()) {
            // Gone again before it was recovered: it may come once more.
            if (record && *record) backend_.save_recovery(**std::move(record));
            return;
        }
        const bool unknown = record && !*record;
        if (unknown && !recovery.recalled && surroundings_.relay_recall(recovery.key)) {
            recovery.recalled = true;
            surroundings_.later(kRecallPause, [this, recovery = std::move(recovery)]() mutable {
                take_place(std::move(recovery));
            });
            return;
        }
        const bool usable = record && *record && (*record)->joined_at < recovery.standing.newest &&
                            may_enter(*socket, **record);
        if (!usable) return start_fresh(*socket);
        enter_rooms(std::move(recovery), **record);
    });
}

// What was the holder's may have ceased to be.
bool Gateway::may_enter(app::Socket& socket, const db::RecoveryRecord& record) const {
    const auto& state = ChatSocket::of(socket);
    const auto now = surroundings_.now();
    return record.rooms.size() <= rooms_of(state) &&
           std::ranges::all_of(record.rooms, [&](const db::RecoveryRoom& room) {
               return guard_.check(state.peer, {Operation::join, room.name}, now).has_value();
           });
}

void Gateway::enter_rooms(Recovery recovery, const db::RecoveryRecord& record) {
    const auto socket = recovery.socket.lock();
    auto& state = ChatSocket::of(*socket);
    hold(*socket, recovery.key);
    state.joined_at = record.joined_at;
    for (const auto& room : record.rooms) {
        hub_.enter(room.name, *socket);
        recovery.memberships.push_back(++joins_);
        state.rooms.push_back({room.name, joins_, true, room.covered});
    }
    recovery.feed = position_;
    Standing standing{recovery.standing.newest, recovery.standing.holes};
    Standing feed{recovery.feed.newest, recovery.feed.holes};
    backend_.missed(record.rooms, std::move(standing), std::move(feed),
                    [this, recovery](Result<std::optional<Missed>> missed) {
                        const auto socket = recovery.socket.lock();
                        if (!socket || !socket->connected()) return;
                        if (!missed || !*missed || !is_where_it_was(recovery) ||
                            !recovered(recovery, **missed)) {
                            leave_all(*socket);
                            start_fresh(*socket);
                        }
                    });
}

// Its access may have been renewed meanwhile, and a room of it lost.
bool Gateway::is_where_it_was(const Recovery& recovery) {
    const auto socket = recovery.socket.lock();
    return std::ranges::equal(ChatSocket::of(*socket).rooms, recovery.memberships, {},
                              &ChatSocket::Membership::number);
}

bool Gateway::recovered(const Recovery& recovery, const Missed& missed) {
    const auto socket = recovery.socket.lock();
    const auto broadcasts = publish_all(missed, {recovery.standing, recovery.feed});
    if (!fits(broadcasts)) return false;
    // First, since stock clients keep what comes before it for later, also beyond the end of the
    // connection, and do not move their offset: it would come twice.
    accept(*socket, recovery.pid);
    for (const auto& broadcast : broadcasts) socket->deliver(broadcast);
    auto& state = ChatSocket::of(*socket);
    const bool all_live = std::ranges::all_of(missed.rooms, [&](const db::RecoveryRoom& room) {
        state.find(room.name)->covered = room.covered;
        return hub_.go_live(room.name, *socket, room.covered);
    });
    if (all_live) {
        for (const auto& room : missed.rooms) count_visitor(*socket, room.name);
    } else {
        // Too much came meanwhile: the client comes back once more, from what it has now.
        socket->disconnect(true, "recovery overtaken");
    }
    return true;
}

void Gateway::save_recovery(app::Socket& socket) {
    const auto& state = ChatSocket::of(socket);
    const bool settled = std::ranges::all_of(state.rooms, &ChatSocket::Membership::live);
    // A client without an offset beyond joined_at could not be recovered anyway. One that watches
    // all sessions loads them again.
    if (state.rooms.empty() || !settled || state.watching || position_.newest <= state.joined_at)
        return;
    db::RecoveryRecord record{state.recovery_key, state.joined_at, {}};
    for (const auto& membership : state.rooms)
        record.rooms.push_back({membership.room, membership.covered});
    backend_.save_recovery(std::move(record));
}

}  // namespace livechat::gateway
