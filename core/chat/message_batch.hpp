// Messages that are numbered and committed together: one transaction, an answer for each.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "db/connection.hpp"
#include "db/message_repository.hpp"
#include "db/session_repository.hpp"
#include "domain/failure.hpp"
#include "domain/types.hpp"

namespace livechat {

// The ids of sessions that were looked up before. An id may have become another session's, or none:
// conversations are removed after their time, renamed, and put back from an older backup. So
// its user checks whose it is.
class SessionIds {
  public:
    static constexpr std::size_t kMaxKnown = 100'000;  // beyond, it starts over

    // 0: not known.
    db::SessionId find(const std::string& client_id) const;
    void add(std::string client_id, db::SessionId id);
    void remove(const std::string& client_id) { ids_.erase(client_id); }

  private:
    std::unordered_map<std::string, db::SessionId> ids_;
};

class MessageBatch {
  public:
    // What to do about a session that another transaction holds.
    enum class Locked : std::uint8_t { wait, skip };

    // The messages passed the rules, and stay where they are until answers() was called.
    MessageBatch(std::span<const NewMessage> messages, Locked locked);

    // One attempt, one transaction. Throws db::Error; after one of kind deadlock nothing was
    // written, and another attempt may succeed.
    void write(db::Connection& connection, SessionIds& known_ids);

    // Whether write() has added any message.
    bool added() const { return added_; }

    // One for each message, in their order; after write() has returned. None: its session was held
    // (Locked::skip); the message was not written, nor were later ones of its session.
    std::vector<std::optional<Result<Sent>>> answers() const;

  private:
    enum class State : std::uint8_t { no_session, held, repeated, to_insert };
    struct Entry {
        const NewMessage* message = nullptr;
        db::SessionId session_id = 0;
        State state = State::no_session;
        const Entry* same = nullptr;  // repeated: the earlier one, if it is in this batch
        Seq seq = 0;
        std::string created_at;
    };

    void find_sessions(db::SessionRepository& sessions, SessionIds& known_ids);
    // False: known_ids held an id that is not its session's any more, and has forgotten it.
    bool lock_sessions(db::SessionRepository& sessions, SessionIds& known_ids);
    void find_repeated(db::MessageRepository& messages);
    // Those that are new, one session's side by side.
    std::vector<db::NumberedRow> number();
    std::vector<Entry*> in_lock_order();

    std::vector<Entry> entries_;
    db::SessionRepository::Locked held_;
    Locked locked_;
    bool added_ = false;
};

}  // namespace livechat
