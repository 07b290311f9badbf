#include "chat/message_batch.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace livechat {

db::SessionId SessionIds::find(const std::string& client_id) const {
    const auto found = ids_.find(client_id);
    return found == ids_.end() ? 0 : found->second;
}

void SessionIds::add(std::string client_id, db::SessionId id) {
    if (ids_.size() >= kMaxKnown) ids_.clear();
    ids_.insert_or_assign(std::move(client_id), id);
}

MessageBatch::MessageBatch(std::span<const NewMessage> messages, Locked locked) : locked_(locked) {
    entries_.reserve(messages.size());
    for (const NewMessage& message : messages) entries_.emplace_back().message = &message;
}

void MessageBatch::write(db::Connection& connection, SessionIds& known_ids) {
    db::SessionRepository sessions(connection);
    db::MessageRepository messages(connection);
    std::optional<db::Transaction> transaction;
    do {
        transaction.reset();
        find_sessions(sessions, known_ids);
        transaction.emplace(connection);
    } while (!lock_sessions(sessions, known_ids));
    // From here on no one else can write to these sessions, so that what is not there stays so.
    find_repeated(messages);
    const auto rows = number();
    messages.insert(rows);
    sessions.save_newest(held_);  // announces a session that is open again, before its message
    messages.announce(rows);
    transaction->commit();
}

void MessageBatch::find_sessions(db::SessionRepository& sessions, SessionIds& known_ids) {
    std::set<std::string_view> unknown;
    for (const Entry& entry : entries_) {
        if (known_ids.find(entry.message->client_id) == 0) unknown.insert(entry.message->client_id);
    }
    if (!unknown.empty()) {
        const std::vector<std::string_view> names(unknown.begin(), unknown.end());
        for (auto& [client_id, id] : sessions.ids_of(names)) known_ids.add(client_id, id);
    }
    for (Entry& entry : entries_) entry.session_id = known_ids.find(entry.message->client_id);
}

bool MessageBatch::lock_sessions(db::SessionRepository& sessions, SessionIds& known_ids) {
    std::set<db::SessionId> wanted;
    for (const Entry& entry : entries_) {
        if (entry.session_id != 0) wanted.insert(entry.session_id);
    }
    const std::vector<db::SessionId> ids(wanted.begin(), wanted.end());
    held_ = locked_ == Locked::skip ? sessions.lock_free(ids) : sessions.lock(ids);
    std::set<std::string_view> left_out;
    bool current = true;
    for (Entry& entry : entries_) {
        const auto& client_id = entry.message->client_id;
        const auto row = held_.find(entry.session_id);
        if (entry.session_id == 0) {
            entry.state = State::no_session;
        } else if (row == held_.end()) {
            entry.state = State::held;
            left_out.insert(client_id);
        } else if (row->second.client_id == client_id) {
            entry.state = State::to_insert;
        } else {
            known_ids.remove(client_id);
            current = false;
        }
    }
    if (left_out.empty()) return current;
    // Held by another transaction, or gone.
    const std::vector<std::string_view> names(left_out.begin(), left_out.end());
    const auto ids_now = sessions.ids_of(names);
    for (const Entry& entry : entries_) {
        if (entry.state != State::held || entry.session_id == 0) continue;
        const auto found = ids_now.find(entry.message->client_id);
        if (found != ids_now.end() && found->second == entry.session_id) continue;
        known_ids.remove(entry.message->client_id);
        current = false;
    }
    return current;
}

void MessageBatch::find_repeated(db::MessageRepository& messages) {
    std::vector<db::MessageRow> named;
    std::map<std::pair<db::SessionId, std::string_view>, Entry*> firsts;
    for (Entry& entry : entries_) {
        entry.same = nullptr;
        if (entry.state != State::to_insert || !entry.message->message_id) continue;
        const std::pair key(entry.session_id, std::string_view(*entry.message->message_id));
        const auto [first, is_first] = firsts.emplace(key, &entry);
        if (is_first) {
            named.push_back({entry.session_id, entry.message});
        } else {
            entry.state = State::repeated;
            entry.same = first->second;
        }
    }
    for (auto& known : messages.known(named)) {
        Entry& entry = *firsts.at({known.session_id, known.message_id});
        entry.state = State::repeated;
        entry.seq = known.seq;
        entry.created_at = std::move(known.created_at);
    }
}

// By session, which keeps one session's rows side by side; stable, so that they keep their order.
std::vector<MessageBatch::Entry*> MessageBatch::in_lock_order() {
    std::vector<Entry*> order;
    for (Entry& entry : entries_) {
        if (entry.state == State::to_insert) order.push_back(&entry);
    }
    std::ranges::stable_sort(order, {}, &Entry::session_id);
    return order;
}

std::vector<db::NumberedRow> MessageBatch::number() {
    const auto order = in_lock_order();
    added_ = !order.empty();
    std::vector<db::NumberedRow> rows;
    rows.reserve(order.size());
    for (Entry* entry : order) {
        auto& session = held_.at(entry->session_id);
        session.add(*entry->message);
        entry->seq = session.last_seq;
        entry->created_at = session.time;
        rows.push_back({{entry->session_id, entry->message}, entry->seq, entry->created_at});
    }
    return rows;
}

std::vector<std::optional<Result<Sent>>> MessageBatch::answers() const {
    std::vector<std::optional<Result<Sent>>> answers;
    answers.reserve(entries_.size());
    for (const Entry& entry : entries_) {
        if (entry.state == State::held) {
            answers.emplace_back(std::nullopt);
        } else if (entry.state == State::no_session) {
            answers.emplace_back(fail(ErrorCode::session_not_found, "there is no such session"));
        } else {
            const Entry& written = entry.same ? *entry.same : entry;
            answers.emplace_back(Sent{written.seq, written.created_at, entry.message->message_id,
                                      entry.state == State::repeated});
        }
    }
    return answers;
}

}  // namespace livechat
