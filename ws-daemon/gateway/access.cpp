// Who is at the other end of a socket, and for how long (docs/security.md): the part of the Gateway
// that lets sockets in, allows their events, and ends those whose access has ended.
#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>
#include <vector>

#include "gateway/chat_socket.hpp"
#include "gateway/error_args.hpp"
#include "gateway/gateway.hpp"

namespace livechat::gateway {
namespace {

// Access that ends has to end on open sockets within five seconds.
constexpr std::chrono::seconds kReviewPause{2};
// What was read of a token a moment before it ended may come back later than that. Reviews look so
// far back beyond the one before.
constexpr std::chrono::seconds kReviewOverlap{15};
// What every review reads again, in turn: a row that was deleted, or a session that has
// got another owner, is noticed, too.
constexpr std::size_t kRenewals = 500;

Failure ended() { return {ErrorCode::unauthorized, "the token is no longer valid"}; }

}  // namespace

std::optional<app::Refusal> Gateway::refuse_handshake(const app::Handshake& handshake) {
    return guard_.refuse_connection(handshake.remote_address, surroundings_.now());
}

void Gateway::on_connect(const std::shared_ptr<app::Socket>& socket,
                         const app::Handshake& handshake,
                         std::string_view /*nsp*/,
                         const app::Json& auth) {
    socket->state = std::make_unique<ChatSocket>(limits_.typing_per_second, handshake);
    ChatSocket::of(*socket).asked_at = surroundings_.now();
    sockets_.insert(socket.get());
    if (guard_.mode() == AuthMode::open) return let_in(socket, auth);
    auto credentials = read_credentials(handshake, auth);
    if (!credentials) return turn_away(*socket, credentials.error());
    if (credentials->hashes.empty()) {
        return turn_away(
            *socket, {ErrorCode::unauthorized, "a token is required: auth.token, or the cookie"});
    }
    const auto counted = guard_.count_entry(handshake.remote_address, surroundings_.now());
    if (!counted) return turn_away(*socket, counted.error());
    auto hashes = credentials->hashes;
    backend_.identify(hashes,
                      [this, weak = std::weak_ptr(socket), hashes, auth](Result<Proof> proof) {
                          const auto still = weak.lock();
                          if (still && still->connected())
                              identified(still, hashes, auth, std::move(proof));
                      });
}

void Gateway::identified(const std::shared_ptr<app::Socket>& socket,
                         const std::vector<std::string>& hashes,
                         const app::Json& auth,
                         Result<Proof> proof) {
    // Clients do not come back by themselves after a connect_error, but after a lost connection.
    if (!proof) return socket->disconnect(true, to_string(proof.error().code));
    auto& state = ChatSocket::of(*socket);
    set_principal(state, hashes, proof->of(hashes).value_or(Principal{}));
    if (state.token_hashes.empty()) {
        return turn_away(*socket, {ErrorCode::unauthorized, "the token is not valid"});
    }
    let_in(socket, auth);
}

void Gateway::let_in(const std::shared_ptr<app::Socket>& socket, const app::Json& auth) {
    const auto allowed = guard_.check_entry(ChatSocket::of(*socket).peer, surroundings_.now());
    if (!allowed) return turn_away(*socket, allowed.error());
    if (ChatSocket::of(*socket).peer.principal.is_staff()) socket->lift_limits();
    if (!recover(socket, auth)) start_fresh(*socket);
}

void Gateway::turn_away(app::Socket& socket, const Failure& failure) {
    sockets_.erase(&socket);
    socket.refuse(failure.message, failure_data(failure));
}

void Gateway::set_principal(ChatSocket& state,
                            const std::vector<std::string>& hashes,
                            Principal principal) {
    const auto now = surroundings_.now();
    std::vector<std::string> good;
    state.expires_at = Time::max();
    for (const auto& hash : hashes) {
        const auto identity = std::ranges::find(principal.identities, hash, &Identity::token_hash);
        if (identity == principal.identities.end()) continue;
        good.push_back(hash);
        if (identity->expires_in) {
            state.expires_at = std::min(state.expires_at, now + *identity->expires_in);
        }
    }
    next_expiry_ = std::min(next_expiry_, state.expires_at);
    state.token_hashes = std::move(good);
    state.peer.principal = std::move(principal);
}

bool Gateway::permitted(app::Socket& socket, app::Event& event, const Attempt& attempt) {
    auto& state = ChatSocket::of(socket);
    const auto now = surroundings_.now();
    auto allowed = guard_.check(state.peer, attempt, now);
    // Its page may have opened another session since the socket came in.
    const auto& principal = state.peer.principal;
    const bool may_be_new = !allowed && allowed.error().code == ErrorCode::forbidden &&
                            principal.visitor() && attempt.side == Side::client &&
                            !attempt.client_id.empty() && !principal.owns(attempt.client_id);
    if (may_be_new && !state.looked && state.looks.allows(now)) {
        look_again(socket, event);
        return false;
    }
    if (allowed) allowed = guard_.count(state.peer, attempt, now);
    if (!allowed) refuse(reply_to(socket, event), allowed.error());
    return allowed.has_value();
}

void Gateway::look_again(app::Socket& socket, app::Event& event) {
    auto& state = ChatSocket::of(socket);
    state.looking = true;
    state.waiting_bytes = 0;
    state.asked_at = surroundings_.now();
    state.waiting.push_front(std::move(event));
    backend_.identify(state.token_hashes,
                      [this, weak = socket.weak_from_this()](Result<Proof> proof) {
                          const auto still = weak.lock();
                          if (still && still->connected()) looked(*still, std::move(proof));
                      });
}

void Gateway::looked(app::Socket& socket, Result<Proof> proof) {
    auto& state = ChatSocket::of(socket);
    state.looking = false;
    if (state.ended) return;
    auto waiting = std::exchange(state.waiting, {});
    auto principal = proof ? proof->of(state.token_hashes) : std::nullopt;
    if (!proof) {
        refuse(reply_to(socket, waiting.front()), proof.error());
        waiting.pop_front();
    } else if (principal && !renew(socket, *std::move(principal))) {
        return;
    } else {
        state.looked = true;
    }
    while (!waiting.empty() && !state.looking && socket.connected()) {
        auto event = std::move(waiting.front());
        waiting.pop_front();
        dispatch(socket, event);
        state.looked = false;
    }
    std::ranges::move(waiting, std::back_inserter(state.waiting));
}

std::size_t Gateway::rooms_of(const ChatSocket& state) const {
    // In open mode no one is told apart, and a console may need many rooms.
    const bool many = guard_.mode() == AuthMode::open || state.peer.principal.is_staff();
    return many ? limits_.rooms_per_agent : limits_.rooms_per_client;
}

// False: it has lost a token, and is ended. Rooms that are no longer its own are left.
bool Gateway::renew(app::Socket& socket, Principal principal) {
    auto& state = ChatSocket::of(socket);
    const auto before = state.token_hashes;
    set_principal(state, before, std::move(principal));
    if (state.token_hashes.size() < before.size()) {
        // A client that has another token comes back with it; others would only be refused again.
        end(socket, ended(), !state.token_hashes.empty());
        return false;
    }
    std::vector<std::string> lost;
    for (const auto& membership : state.rooms) {
        const Attempt attempt{Operation::join, membership.room};
        if (!guard_.check(state.peer, attempt, surroundings_.now()))
            lost.push_back(membership.room);
    }
    for (const auto& room : lost) {
        drop_membership(socket, room);
        if (!state.accepted) continue;
        socket.emit("chat-error", error_args({ErrorCode::forbidden, "a room is no longer yours"}));
    }
    return true;
}

void Gateway::watch_access() {
    const auto now = surroundings_.now();
    const auto since = reviewed_at_ ? now - *reviewed_at_ : Time::duration::zero();
    ReviewQuestion question{
        std::chrono::ceil<std::chrono::seconds>(since) + kReviewOverlap, bans_version_, {}};
    auto renewed = next_renewals();
    for (const auto& socket : renewed) {
        const auto& hashes = ChatSocket::of(*socket).token_hashes;
        question.token_hashes.insert(question.token_hashes.end(), hashes.begin(), hashes.end());
    }
    backend_.review(std::move(question), [this, now, renewed](Result<Review> review) {
        if (review) {
            reviewed_at_ = now;
            reviewed(*review);
            for (const auto& socket : renewed) renew_from(*socket, review->proof, now);
        }
        surroundings_.later(kReviewPause, [this] { watch_access(); });
    });
}

std::vector<std::shared_ptr<app::Socket>> Gateway::next_renewals() {
    if (guard_.mode() == AuthMode::open) return {};
    if (turns_.empty()) {
        for (auto* socket : sockets_) turns_.push_back(socket->weak_from_this());
    }
    std::vector<std::shared_ptr<app::Socket>> next;
    while (!turns_.empty() && next.size() < kRenewals) {
        if (auto socket = turns_.back().lock()) next.push_back(std::move(socket));
        turns_.pop_back();
    }
    return next;
}

// proof: of the tokens of many sockets, of which this may be one. What was asked for later goes
// before it.
void Gateway::renew_from(app::Socket& socket, const Proof& proof, Time asked_at) {
    auto& state = ChatSocket::of(socket);
    if (state.ended || state.token_hashes.empty() || !socket.connected()) return;
    if (state.looking || state.asked_at > asked_at) return;
    // It may have come in while the question was under way, which then was not about its tokens.
    if (auto own = proof.of(state.token_hashes)) renew(socket, *std::move(own));
}

void Gateway::reviewed(const Review& review) {
    const auto now = surroundings_.now();
    const bool bans_changed = review.bans.has_value();
    if (bans_changed) guard_.set_bans(*review.bans);
    bans_version_ = review.bans_version;
    if (review.ended_tokens.empty() && !bans_changed && now < next_expiry_) return;

    const std::unordered_set<std::string> tokens(review.ended_tokens.begin(),
                                                 review.ended_tokens.end());
    next_expiry_ = Time::max();
    std::vector<std::shared_ptr<app::Socket>> ended_sockets;
    std::vector<std::shared_ptr<app::Socket>> banned_sockets;
    for (auto* socket : sockets_) {
        const auto& state = ChatSocket::of(*socket);
        if (state.ended) continue;
        if (now >= state.expires_at ||
            std::ranges::any_of(state.token_hashes,
                                [&](const auto& hash) { return tokens.contains(hash); })) {
            ended_sockets.push_back(socket->shared_from_this());
        } else if (bans_changed && is_banned(state)) {
            banned_sockets.push_back(socket->shared_from_this());
        } else {
            next_expiry_ = std::min(next_expiry_, state.expires_at);
        }
    }
    for (const auto& socket : ended_sockets) {
        // A client that has another token comes back with it; others would only be refused again.
        end(*socket, ended(), ChatSocket::of(*socket).token_hashes.size() > 1);
    }
    for (const auto& socket : banned_sockets) {
        end(*socket, {ErrorCode::banned, "access is closed to you"}, true);
    }
}

bool Gateway::is_banned(const ChatSocket& state) const {
    const auto now = surroundings_.now();
    return guard_.bans_address(state.peer, now) ||
           std::ranges::any_of(state.rooms, [&](const ChatSocket::Membership& membership) {
               return guard_.bans_room(state.peer, membership.room, now);
           });
}

void Gateway::retire(app::Socket& socket) {
    auto& state = ChatSocket::of(socket);
    state.ended = true;
    state.waiting.clear();
    state.replays.clear();
    let_go(socket);
    leave_all(socket);
}

void Gateway::end(app::Socket& socket, const Failure& failure, bool come_back) {
    retire(socket);
    socket.emit("chat-error", error_args(failure));
    socket.disconnect(come_back, to_string(failure.code));
}

}  // namespace livechat::gateway
