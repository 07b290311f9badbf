// SQL of the aggregate "session" (sql/migrations, table session). Throws db::Error.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "db/connection.hpp"
#include "db/held_session.hpp"
#include "domain/types.hpp"

namespace livechat::db {

using SessionId = std::uint64_t;

// A session's row without its last message.
struct SessionRecord {
    SessionId id = 0;
    Session session;
    Seq client_read_seq = 0;
    Seq admin_read_seq = 0;

    // Whether the opposite side has read a message of `sender`.
    bool is_read(Side sender, Seq seq) const {
        return seq <= (sender == Side::client ? admin_read_seq : client_read_seq);
    }
};

// The same with the room's newest notification (0: none), both of one moment.
struct RoomRecord : SessionRecord {
    std::uint64_t covered = 0;
};

// Where a page of the list of sessions ended.
struct ListPosition {
    std::string last_message_at;  // as Rows::time gives it
    SessionId id = 0;
};

struct ListedSession {
    ListPosition position;
    Session session;  // with its last message and its visitor
};

// The newest message of a session within a transaction that holds the session's lock.
struct Newest {
    Seq seq = 0;
    std::string created_at;
};

class SessionRepository {
  public:
    explicit SessionRepository(Connection& connection) : connection_(connection) {}

    std::optional<SessionRecord> find(std::string_view client_id);
    std::optional<RoomRecord> find_room(std::string_view client_id);

    // Within a transaction: takes the row's lock; false: there is no such session.
    bool hold(std::string_view client_id);

    // Error of kind duplicate when the client_id is taken.
    void insert(std::string_view client_id);
    void reopen(SessionId id);
    void close(SessionId id);
    // False where nothing is unread, or there is no such session.
    bool mark_read(std::string_view client_id, Side reader);

    // Newest last message first; those behind `after`, or the first.
    std::vector<ListedSession> list(SessionStatus status,
                                    std::uint64_t limit,
                                    const std::optional<ListPosition>& after);
    // The same rows for these ids, in no order.
    std::vector<ListedSession> list(std::span<const SessionId> ids);
    // The same row for one.
    std::optional<Session> find_listed(std::string_view client_id);

    // Those that exist.
    std::unordered_map<std::string, SessionId> ids_of(std::span<const std::string_view> client_ids);

    // Within a transaction: takes the rows' locks, in the order of ids, and returns those that
    // exist.
    using Locked = std::unordered_map<SessionId, HeldSession>;
    Locked lock(std::span<const SessionId> ids);
    // The same, without waiting: a row that another transaction holds is left out. (A server
    // without SKIP LOCKED waits all the same.)
    Locked lock_free(std::span<const SessionId> ids);

    // Writes what was added to the sessions that the transaction holds; those that got nothing stay
    // as they are.
    void save_newest(const Locked& sessions);

    std::unordered_map<SessionId, Newest> newest_of(std::span<const SessionId> ids);

  private:
    using Changed = std::pair<SessionId, const HeldSession*>;

    void save_at_once(std::vector<Changed> sessions);
    Locked lock_with(std::span<const SessionId> ids, std::string_view how);

    Connection& connection_;
};

}  // namespace livechat::db
