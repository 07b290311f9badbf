// What the gateway asks of the database, without waiting for it. The callbacks run later on the
// event loop's thread, never within the call. They get ErrorCode::unavailable while the database is
// away and ErrorCode::busy when too much is waiting for it.
//
// Much may have happened between a question and its answer. So an answer that changes what is kept
// for a socket carries what was asked (Proof), or its callback does (Gateway::Join and Recovery, by
// the numbers of memberships); every other callback only answers the event that it belongs to.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "chat/chat_service.hpp"
#include "chat/recovery_service.hpp"
#include "domain/access.hpp"
#include "domain/ban.hpp"
#include "domain/failure.hpp"
#include "domain/types.hpp"
#include "gateway/proof.hpp"

namespace livechat::gateway {

template <class T>
using Callback = std::function<void(Result<T>)>;

struct ReviewQuestion {
    std::chrono::seconds within{0};             // tokens that ended in this time
    std::optional<std::uint64_t> bans_version;  // of the bans that are known; none: of none
    std::vector<std::string> token_hashes;      // some that are in use
};

struct Review {
    std::vector<std::string> ended_tokens;  // SHA-256 of each
    std::uint64_t bans_version = 0;
    std::optional<BanList> bans;  // none: they are what they were
    Proof proof;                  // of the tokens that were asked about
};

class Backend {
  public:
    virtual ~Backend() = default;

    // Committed when the callback gets its Sent. Messages of one session keep their order.
    virtual void send(NewMessage message, Callback<Sent> done) = 0;
    // See ChatService::view_room.
    virtual void view_room(std::string client_id,
                           std::optional<Seq> after,
                           Callback<RoomView> done) = 0;
    // See ChatService::messages_after.
    virtual void messages_after(std::string client_id,
                                Seq after,
                                db::PageBounds bounds,
                                Callback<db::MessagePage> done) = 0;
    virtual void mark_read(std::string client_id, Side reader, Callback<void> done) = 0;

    // What a broken connection leaves behind; a failure is not reported.
    virtual void save_recovery(db::RecoveryRecord record) = 0;
    // See RecoveryService::take and missed.
    virtual void take_recovery(std::string pid_hash,
                               Callback<std::optional<db::RecoveryRecord>> done) = 0;
    virtual void missed(std::vector<db::RecoveryRoom> rooms,
                        Standing standing,
                        Standing feed,
                        Callback<std::optional<Missed>> done) = 0;

    // See RecoveryService::news_after.
    virtual void news_after(std::string client_id,
                            db::NotificationId after,
                            Callback<std::optional<RoomNews>> done) = 0;

    // What the tokens with these SHA-256 prove now.
    virtual void identify(std::vector<std::string> token_hashes, Callback<Proof> done) = 0;
    // What has changed in who may do what.
    virtual void review(ReviewQuestion question, Callback<Review> done) = 0;

    // Whether any socket watches all sessions.
    virtual void set_watched(bool watched) = 0;
};

}  // namespace livechat::gateway
