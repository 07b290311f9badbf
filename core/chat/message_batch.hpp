// Messages that are committed together: one INSERT, one COMMIT, an answer for each.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "db/connection.hpp"
#include "db/message_repository.hpp"
#include "db/session_repository.hpp"
#include "domain/failure.hpp"
#include "domain/types.hpp"

namespace livechat {

class MessageBatch {
  public:
    // The messages passed the rules, and stay where they are until answers() was called.
    explicit MessageBatch(std::span<const NewMessage> messages);

    // One attempt, one transaction. Throws db::Error; of kind deadlock, or duplicate (somebody else
    // has just sent the same messageId): nothing was written, and another attempt may succeed.
    void write(db::Connection& connection);

    // One for each message, in their order; after write() has returned.
    std::vector<Result<Sent>> answers() const;

  private:
    void find_sessions(db::SessionRepository& sessions);
    void find_repeated(db::MessageRepository& messages);
    std::vector<std::size_t> rows_to_insert() const;
    void insert(db::Connection& connection, const std::vector<std::size_t>& order);

    struct Entry {
        const NewMessage* message = nullptr;
        db::SessionId session_id = 0;  // 0: there is no such session
        const Entry* same = nullptr;   // the same messageId came earlier in this batch
        bool repeated = false;         // the messageId is in the table
        Seq seq = 0;
        std::string created_at;
    };
    std::vector<Entry> entries_;
};

}  // namespace livechat
