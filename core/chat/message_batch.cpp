#include "chat/message_batch.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace livechat {

MessageBatch::MessageBatch(std::span<const NewMessage> messages) {
    entries_.reserve(messages.size());
    for (const NewMessage& message : messages) entries_.emplace_back().message = &message;
}

void MessageBatch::write(db::Connection& connection) {
    db::SessionRepository sessions(connection);
    db::MessageRepository messages(connection);
    find_sessions(sessions);
    find_repeated(messages);
    const auto order = rows_to_insert();
    if (!order.empty()) insert(connection, order);
}

void MessageBatch::find_sessions(db::SessionRepository& sessions) {
    std::vector<std::string_view> client_ids;
    for (const Entry& entry : entries_) client_ids.emplace_back(entry.message->client_id);
    std::ranges::sort(client_ids);
    client_ids.erase(std::unique(client_ids.begin(), client_ids.end()), client_ids.end());
    const auto ids = sessions.ids_of(client_ids);
    for (Entry& entry : entries_) {
        const auto found = ids.find(entry.message->client_id);
        entry.session_id = found == ids.end() ? 0 : found->second;
    }
}

void MessageBatch::find_repeated(db::MessageRepository& messages) {
    std::vector<db::MessageRow> named;
    std::map<std::pair<db::SessionId, std::string_view>, Entry*> firsts;
    for (Entry& entry : entries_) {
        entry.same = nullptr;
        entry.repeated = false;
        if (entry.session_id == 0 || !entry.message->message_id) continue;
        const auto [first, is_first] = firsts.emplace(
            std::pair(entry.session_id, std::string_view(*entry.message->message_id)), &entry);
        if (is_first) {
            named.push_back({entry.session_id, entry.message});
        } else {
            entry.same = first->second;
        }
    }
    for (auto& known : messages.known(named)) {
        Entry& entry = *firsts.at({known.session_id, known.message_id});
        entry.repeated = true;
        entry.seq = known.seq;
        entry.created_at = std::move(known.created_at);
    }
}

// Sorted by session, so that two writers take the sessions' locks in the same order and do not
// deadlock; stable, so that each session's messages keep theirs.
std::vector<std::size_t> MessageBatch::rows_to_insert() const {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const Entry& entry = entries_[i];
        if (entry.session_id != 0 && !entry.repeated && !entry.same) order.push_back(i);
    }
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return entries_[i].session_id; });
    return order;
}

void MessageBatch::insert(db::Connection& connection, const std::vector<std::size_t>& order) {
    std::vector<db::MessageRow> rows;
    std::vector<db::SessionId> ids;
    for (const std::size_t i : order) {
        rows.push_back({entries_[i].session_id, entries_[i].message});
        if (ids.empty() || ids.back() != entries_[i].session_id)
            ids.push_back(entries_[i].session_id);
    }

    db::Transaction transaction(connection);
    db::MessageRepository(connection).insert(rows);
    auto newest = db::SessionRepository(connection).newest_of(ids);
    transaction.commit();

    // The statement numbered each session's messages without a hole, and stamped them alike: its
    // newest message is our last one.
    for (auto i = order.rbegin(); i != order.rend(); ++i) {
        Entry& entry = entries_[*i];
        auto& last = newest.at(entry.session_id);
        entry.seq = last.seq--;
        entry.created_at = last.created_at;
    }
}

std::vector<Result<Sent>> MessageBatch::answers() const {
    std::vector<Result<Sent>> answers;
    answers.reserve(entries_.size());
    for (const Entry& entry : entries_) {
        if (entry.session_id == 0) {
            answers.emplace_back(fail(ErrorCode::session_not_found, "there is no such session"));
            continue;
        }
        const Entry& written = entry.same ? *entry.same : entry;
        answers.emplace_back(Sent{written.seq, written.created_at, entry.message->message_id,
                                  entry.same != nullptr || entry.repeated});
    }
    return answers;
}

}  // namespace livechat
