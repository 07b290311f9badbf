#include "chat/import_service.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "chat/retry.hpp"
#include "db/erasure_repository.hpp"
#include "db/import_repository.hpp"
#include "db/message_repository.hpp"
#include "db/session_repository.hpp"

namespace livechat {
namespace {

using Ids = std::unordered_map<std::string, db::SessionId>;

// A message on its way in; seq once it has one.
struct Row {
    db::SessionId session_id = 0;
    const ImportItem* item = nullptr;
    Seq seq = 0;
};

std::vector<std::string_view> names_of(std::span<const ImportItem> items) {
    std::set<std::string_view> names;
    for (const auto& item : items) names.insert(item.client_id);
    return {names.begin(), names.end()};
}

// What came from a clientId that was erased here since, or may have. Times compare as texts: both
// have the same form.
std::vector<ImportItem> without(const std::map<std::string, std::string, std::less<>>& erased,
                                std::span<const ImportItem> items) {
    std::vector<ImportItem> rest;
    for (const auto& item : items) {
        const auto found = erased.find(item.client_id);
        if (found == erased.end() || (item.created_at && *item.created_at > found->second)) {
            rest.push_back(item);
        }
    }
    return rest;
}

// Makes the sessions that are not there, each as old as the first that is known of it.
Ids open_sessions(db::Connection& connection,
                  std::span<const ImportItem> items,
                  Imported& imported) {
    const auto names = names_of(items);
    db::SessionRepository sessions(connection);
    const auto there = sessions.ids_of(names);
    std::set<std::string_view> made;
    for (const auto& item : items) {
        if (there.contains(item.client_id) || !made.insert(item.client_id).second) continue;
        db::ImportRepository(connection).insert_session(item.client_id, item.created_at);
        ++imported.sessions;
    }
    return made.empty() ? there : sessions.ids_of(names);
}

bool is_same(const db::NumberedMessage& there, const ImportItem& item) {
    const auto& text = item.message->text;
    return there.sender == item.message->sender && there.created_at == item.created_at &&
           (there.text == text || there.text.empty() || text.empty());
}

// Those whose message stands in the session already, under the seq that it says.
std::set<const ImportItem*> numbered_items(db::Connection& connection,
                                           std::span<const ImportItem> items,
                                           const Ids& ids) {
    using Place = std::pair<db::SessionId, Seq>;
    std::vector<Place> places;
    for (const auto& item : items) {
        if (item.message && item.seq) places.emplace_back(ids.at(item.client_id), *item.seq);
    }
    std::map<Place, db::NumberedMessage> there;
    for (auto& message : db::ImportRepository(connection).numbered(places)) {
        const Place place(message.session_id, message.seq);
        there.emplace(place, std::move(message));
    }
    std::set<const ImportItem*> same;
    for (const auto& item : items) {
        if (!item.message || !item.seq) continue;
        const auto found = there.find({ids.at(item.client_id), *item.seq});
        if (found != there.end() && is_same(found->second, item)) same.insert(&item);
    }
    return same;
}

std::vector<Row> unknown_rows(db::Connection& connection,
                              std::span<const ImportItem> items,
                              const Ids& ids,
                              Imported& imported) {
    std::vector<db::MessageRow> named;
    for (const auto& item : items) {
        if (item.message) named.push_back({ids.at(item.client_id), &*item.message});
    }
    std::set<std::pair<db::SessionId, std::string>> known;
    for (auto& row : db::MessageRepository(connection).known(named)) {
        known.emplace(row.session_id, std::move(row.message_id));
    }
    const auto in_place = numbered_items(connection, items, ids);
    std::vector<Row> rows;
    for (const auto& item : items) {
        if (!item.message) continue;
        const auto id = ids.at(item.client_id);
        if (!in_place.contains(&item) && known.emplace(id, *item.message->message_id).second) {
            rows.push_back({id, &item});
        } else {
            ++imported.known;
        }
    }
    // One session's rows side by side.
    std::ranges::stable_sort(rows, {}, &Row::session_id);
    return rows;
}

void insert(db::Connection& connection, std::vector<Row>& rows) {
    if (rows.empty()) return;
    std::vector<db::DatedRow> dated;
    std::vector<db::SessionId> ids;
    for (const auto& [id, item, seq] : rows) {
        dated.push_back({id, &*item->message, item->created_at});
        if (ids.empty() || ids.back() != id) ids.push_back(id);
    }
    db::ImportRepository(connection).insert_messages(dated);
    auto newest = db::SessionRepository(connection).newest_of(ids);
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        row->seq = newest.at(row->session_id).seq--;
    }
}

void mark_read(db::Connection& connection, const std::vector<Row>& rows) {
    std::map<std::pair<db::SessionId, Side>, Seq> read;
    for (const auto& [id, item, seq] : rows) {
        if (item->read) read[{id, opposite(item->message->sender)}] = seq;
    }
    for (const auto& [reader, seq] : read) {
        db::ImportRepository(connection).read_up_to(reader.first, reader.second, seq);
    }
}

// What the last line about each session says.
void set_statuses(db::Connection& connection, std::span<const ImportItem> items, const Ids& ids) {
    std::map<db::SessionId, std::optional<SessionStatus>> last;
    for (const auto& item : items) last[ids.at(item.client_id)] = item.status;
    db::SessionRepository sessions(connection);
    for (const auto& [id, status] : last) {
        if (status == SessionStatus::closed) sessions.close(id);
        if (status == SessionStatus::active) sessions.reopen(id);
    }
}

}  // namespace

Imported ImportService::write(std::span<const ImportItem> items) {
    return with_retry([&] { return try_write(items); });
}

Imported ImportService::try_write(std::span<const ImportItem> items) {
    Imported imported;
    db::Transaction transaction(connection_);
    db::ImportRepository(connection_).begin();
    const auto erased = db::ErasureRepository(connection_).erased(names_of(items));
    std::vector<ImportItem> rest;
    if (!erased.empty()) {
        rest = without(erased, items);
        imported.erased = items.size() - rest.size();
        items = rest;
    }
    const auto ids = open_sessions(connection_, items, imported);
    std::set<db::SessionId> in_order;
    for (const auto& [client_id, id] : ids) in_order.insert(id);
    const std::vector<db::SessionId> to_lock(in_order.begin(), in_order.end());
    db::SessionRepository(connection_).lock(to_lock);
    auto rows = unknown_rows(connection_, items, ids, imported);
    insert(connection_, rows);
    mark_read(connection_, rows);
    set_statuses(connection_, items, ids);
    imported.messages = rows.size();
    transaction.commit();
    return imported;
}

}  // namespace livechat
