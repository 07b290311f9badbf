// The use cases of the chat, each one transaction. REST workers and the daemon's database threads
// own a service each, over a connection each; it has no state of its own.
//
// All of them throw db::Error when the database fails (kind `lost`: it is away; nothing of the call
// was acknowledged). A deadlock is retried within.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.hpp"
#include "chat/message_batch.hpp"
#include "db/connection.hpp"
#include "db/history_repository.hpp"
#include "db/message_repository.hpp"
#include "domain/failure.hpp"
#include "domain/types.hpp"

namespace livechat {

struct Initialized {
    Session session;
    std::vector<Message> messages;  // the newest, oldest first
};

struct SessionQuery {
    SessionStatus status = SessionStatus::active;
    std::uint64_t limit = 0;            // 0: the configured default
    std::optional<std::string> cursor;  // SessionPage::next of the page before
};

struct SessionPage {
    std::vector<Session> sessions;    // newest last message first, those without a message last
    std::optional<std::string> next;  // opaque, safe in a URL; none: this is the last page
};

struct HistoryQuery {
    std::uint64_t limit = 0;  // 0: the configured default
    std::uint64_t page = 1;   // not looked at when after or before is set
    std::optional<Seq> after;
    std::optional<Seq> before;  // the `limit` messages just below it, oldest first
};

struct HistoryPage {
    std::vector<Message> messages;  // oldest first
    std::uint64_t total = 0;
    std::optional<std::uint64_t> page;  // none when read by seq
    std::uint64_t total_pages = 0;
};

// What a socket that enters a room needs to know, all of one moment.
struct RoomView {
    Seq last_seq = 0;
    // The newest notification of the room: what comes later in the feed is news. 0: there is none.
    std::uint64_t covered = 0;
    db::MessagePage page;  // the first of those after the seq that was asked for
};

class ChatService {
  public:
    // What a replay reads at once.
    static constexpr db::PageBounds kReplayPage{50, 64 * 1024};

    // committed: called after each commit that sockets are to hear of; may be empty.
    ChatService(db::Connection& connection,
                const Limits& limits,
                std::function<void()> committed = {})
        : connection_(connection), limits_(limits), committed_(std::move(committed)) {}

    // Creates the session, or finds it and makes it active again. visitor: adds to what agents are
    // told of the visitor.
    Result<Initialized> initialize(std::string_view client_id, const Visitor& visitor = {});

    Result<SessionPage> sessions(const SessionQuery& query);

    // The row that the list shows; session_not_found.
    Result<Session> session(std::string_view client_id);

    // An unknown client_id has an empty history.
    Result<HistoryPage> history(std::string_view client_id, const HistoryQuery& query);

    // Every message of the side opposite to `reader` is now read. Unknown client_id: nothing to do.
    Result<void> mark_read(std::string_view client_id, Side reader);

    // session_not_found, or closed (now or before).
    Result<void> close(std::string_view client_id);

    // Committed when this returns. session_not_found; busy if another transaction holds the session
    // for long.
    Result<Sent> send(const NewMessage& message);

    // Many at once in one commit: one answer for each, in their order. Messages of one session keep
    // their order. A message that is refused does not touch its neighbours, and none waits for a
    // session that another transaction holds: its messages get no answer and were not written.
    std::vector<std::optional<Result<Sent>>> try_send(std::span<const NewMessage> messages,
                                                      SessionIds& known_ids);

    // With `after`: also the messages with a larger seq, in order, a kReplayPage of them.
    // An unknown session looks like an empty one.
    Result<RoomView> view_room(std::string_view client_id, std::optional<Seq> after);

    // The first messages with a larger seq, in order.
    Result<db::MessagePage> messages_after(std::string_view client_id,
                                           Seq after,
                                           const db::PageBounds& bounds);

  private:
    // changed: set if the session was made, or made active.
    db::History open_session(std::string_view client_id, bool& changed);
    std::optional<db::History> read_history(std::string_view client_id,
                                            const HistoryQuery& query,
                                            std::uint64_t limit);
    std::optional<Result<Sent>> try_send_alone(const NewMessage& message, SessionIds& known_ids);
    void tell() const {
        if (committed_) committed_();
    }

    db::Connection& connection_;
    const Limits& limits_;
    std::function<void()> committed_;
};

}  // namespace livechat
