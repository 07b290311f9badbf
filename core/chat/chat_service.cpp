#include "chat/chat_service.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>
#include <unordered_set>

#include "base/log.hpp"
#include "chat/retry.hpp"
#include "db/history_repository.hpp"
#include "db/message_repository.hpp"
#include "db/session_repository.hpp"
#include "db/visitor_repository.hpp"
#include "domain/rules.hpp"

namespace livechat {
namespace {

constexpr char kCursorSeparator = '_';

// "2025-03-10T12:00:00.000Z_17"
std::string cursor_of(const db::ListPosition& position) {
    return position.last_message_at + kCursorSeparator + std::to_string(position.id);
}

// Whether "dddd-dd-ddTdd:dd:dd.dddZ" is a time: servers refuse to compare with the 31st of June.
bool is_time(std::string_view text) {
    const auto number = [&](std::size_t position, std::size_t digits) {
        unsigned value = 0;
        std::from_chars(text.data() + position, text.data() + position + digits, value);
        return value;
    };
    const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(number(0, 4))),
                                           std::chrono::month(number(5, 2)),
                                           std::chrono::day(number(8, 2)));
    return date.ok() && number(11, 2) < 24 && number(14, 2) < 60 && number(17, 2) < 60;
}

Result<db::ListPosition> parse_cursor(std::string_view cursor) {
    constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd.dddZ_";
    const auto refusal = fail(ErrorCode::cursor_invalid, "cursor is not one that was given out");
    if (cursor.size() <= kForm.size()) return refusal;
    for (std::size_t i = 0; i < kForm.size(); ++i) {
        const bool digit = cursor[i] >= '0' && cursor[i] <= '9';
        if (kForm[i] == 'd' ? !digit : cursor[i] != kForm[i]) return refusal;
    }
    db::ListPosition position;
    position.last_message_at = cursor.substr(0, kForm.size() - 1);
    if (!is_time(position.last_message_at)) return refusal;
    const auto id = cursor.substr(kForm.size());
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), position.id);
    if (error != std::errc{} || end != id.data() + id.size()) return refusal;
    return position;
}

Failure locked() {
    return {ErrorCode::busy, "another transaction holds this conversation; try again"};
}

}  // namespace

Result<Initialized> ChatService::initialize(std::string_view client_id, const Visitor& visitor) {
    if (auto allowed = rules::check_client_id(client_id, limits_); !allowed) {
        return tl::unexpected(allowed.error());
    }
    if (auto allowed = rules::check(visitor); !allowed) return tl::unexpected(allowed.error());
    bool changed = false;
    auto history = with_retry([&] { return open_session(client_id, changed); });
    if (std::ranges::any_of(visitor.fields, &std::optional<std::string>::has_value)) {
        const auto told = tidied(visitor);
        with_retry([&] { db::VisitorRepository(connection_).save(history.record.id, told); });
        changed = true;
    }
    if (changed) tell();
    auto& session = history.record.session;
    if (!history.messages.empty()) session.last_message = history.messages.back();
    return Initialized{std::move(session), std::move(history.messages)};
}

db::History ChatService::open_session(std::string_view client_id, bool& changed) {
    db::SessionRepository sessions(connection_);
    db::HistoryRepository histories(connection_);
    const auto read = [&] {
        return histories.below(client_id, std::numeric_limits<Seq>::max(),
                               limits_.initial_messages);
    };
    auto history = read();
    if (!history) {
        sessions.insert(client_id);
        changed = true;
        history = read();
    }
    auto& session = history->record.session;
    if (session.status == SessionStatus::closed) {
        sessions.reopen(history->record.id);
        changed = true;
        session.status = SessionStatus::active;
    }
    return *std::move(history);
}

Result<SessionPage> ChatService::sessions(const SessionQuery& query) {
    const std::uint64_t limit = query.limit == 0 ? limits_.sessions_limit : query.limit;
    if (limit > limits_.sessions_limit) {
        return fail(ErrorCode::limit_invalid,
                    "limit is a whole number from 1 to " + std::to_string(limits_.sessions_limit));
    }
    std::optional<db::ListPosition> after;
    if (query.cursor) {
        auto position = parse_cursor(*query.cursor);
        if (!position) return tl::unexpected(position.error());
        after = *std::move(position);
    }
    // One more than asked for tells whether there is a next page.
    auto listed = with_retry(
        [&] { return db::SessionRepository(connection_).list(query.status, limit + 1, after); });
    SessionPage page;
    if (listed.size() > limit) {
        listed.resize(limit);
        page.next = cursor_of(listed.back().position);
    }
    page.sessions.reserve(listed.size());
    for (auto& row : listed) page.sessions.push_back(std::move(row.session));
    return page;
}

Result<Session> ChatService::session(std::string_view client_id) {
    if (auto allowed = rules::check_client_id(client_id, limits_); !allowed) {
        return tl::unexpected(allowed.error());
    }
    auto found =
        with_retry([&] { return db::SessionRepository(connection_).find_listed(client_id); });
    if (!found) return fail(ErrorCode::session_not_found, "there is no such session");
    return *std::move(found);
}

Result<HistoryPage> ChatService::history(std::string_view client_id, const HistoryQuery& query) {
    if (auto allowed = rules::check_client_id(client_id, limits_); !allowed) {
        return tl::unexpected(allowed.error());
    }
    const std::uint64_t limit = query.limit == 0 ? limits_.history_default : query.limit;
    if (limit > limits_.history_limit) {
        return fail(ErrorCode::limit_invalid,
                    "limit is a whole number from 1 to " + std::to_string(limits_.history_limit));
    }
    if (query.after && query.before) {
        return fail(ErrorCode::seq_invalid, "after and before exclude each other");
    }

    HistoryPage page;
    const bool by_seq = query.after || query.before;
    if (!by_seq) page.page = query.page;
    auto history = with_retry([&] { return read_history(client_id, query, limit); });
    if (!history) return page;
    page.messages = std::move(history->messages);
    page.total = history->record.session.last_seq;
    page.total_pages = (page.total + limit - 1) / limit;
    return page;
}

std::optional<db::History> ChatService::read_history(std::string_view client_id,
                                                     const HistoryQuery& query,
                                                     std::uint64_t limit) {
    db::HistoryRepository histories(connection_);
    if (query.before) return histories.below(client_id, *query.before, limit);
    const Seq before_first =
        query.after ? *query.after : (std::max<std::uint64_t>(query.page, 1) - 1) * limit;
    return histories.between(client_id, before_first + 1, before_first + limit);
}

Result<void> ChatService::mark_read(std::string_view client_id, Side reader) {
    if (auto allowed = rules::check_client_id(client_id, limits_); !allowed) return allowed;
    try {
        const bool changed = with_retry(
            [&] { return db::SessionRepository(connection_).mark_read(client_id, reader); });
        if (changed) tell();
    } catch (const db::Error& error) {
        if (error.kind() != db::ErrorKind::locked) throw;
        return tl::unexpected(locked());
    }
    return {};
}

Result<void> ChatService::close(std::string_view client_id) {
    if (auto allowed = rules::check_client_id(client_id, limits_); !allowed) return allowed;
    try {
        db::SessionRepository sessions(connection_);
        const auto record = with_retry([&] {
            auto found = sessions.find(client_id);
            if (found && found->session.status == SessionStatus::active) sessions.close(found->id);
            return found;
        });
        if (!record) return fail(ErrorCode::session_not_found, "there is no such session");
        if (record->session.status == SessionStatus::active) tell();
    } catch (const db::Error& error) {
        if (error.kind() != db::ErrorKind::locked) throw;
        return tl::unexpected(locked());
    }
    return {};
}

Result<Sent> ChatService::send(const NewMessage& message) {
    if (auto allowed = rules::check(message, limits_); !allowed) {
        return tl::unexpected(allowed.error());
    }
    MessageBatch batch(std::span(&message, 1), MessageBatch::Locked::wait);
    SessionIds ids;
    try {
        with_retry([&] { batch.write(connection_, ids); });
    } catch (const db::Error& error) {
        if (error.kind() != db::ErrorKind::locked) throw;
        return tl::unexpected(locked());
    }
    if (batch.added()) tell();
    return *batch.answers().front();
}

std::vector<std::optional<Result<Sent>>> ChatService::try_send(std::span<const NewMessage> messages,
                                                               SessionIds& known_ids) {
    MessageBatch batch(messages, MessageBatch::Locked::skip);
    try {
        with_retry([&] { batch.write(connection_, known_ids); });
        if (batch.added()) tell();
        return batch.answers();
    } catch (const db::Error& error) {
        const bool one_row_may_be_bad = error.kind() == db::ErrorKind::other ||
                                        error.kind() == db::ErrorKind::locked ||
                                        error.kind() == db::ErrorKind::too_large;
        if (!one_row_may_be_bad) throw;
        if (messages.size() == 1) {
            if (error.kind() == db::ErrorKind::locked) return {std::nullopt};
            throw;
        }
    }
    // Only the bad one shall suffer. A conversation that is held now may be let go in the next
    // moment: what comes after a message that has to wait must wait as well.
    std::vector<std::optional<Result<Sent>>> answers;
    std::unordered_set<std::string_view> held;
    for (const NewMessage& message : messages) {
        const bool waits = held.contains(message.client_id);
        answers.push_back(waits ? std::nullopt : try_send_alone(message, known_ids));
        if (!answers.back()) held.insert(message.client_id);
    }
    return answers;
}

std::optional<Result<Sent>> ChatService::try_send_alone(const NewMessage& message,
                                                        SessionIds& known_ids) {
    try {
        return try_send(std::span(&message, 1), known_ids).front();
    } catch (const db::Error& error) {
        const bool too_large = error.kind() == db::ErrorKind::too_large;
        if (error.kind() != db::ErrorKind::other && !too_large) throw;
        log::error("message_refused", {{"code", error.code()}, {"reason", db::reason_of(error)}});
        return Result<Sent>(too_large ? fail(ErrorCode::message_too_long,
                                             "the database takes no message of this length")
                                      : fail(ErrorCode::internal, "internal error"));
    }
}

Result<RoomView> ChatService::view_room(std::string_view client_id, std::optional<Seq> after) {
    if (auto allowed = rules::check_client_id(client_id, limits_); !allowed) {
        return tl::unexpected(allowed.error());
    }
    return with_retry([&] {
        const auto record = db::SessionRepository(connection_).find_room(client_id);
        if (!record) return RoomView{};
        RoomView view{record->session.last_seq, record->covered, {}};
        // In a view of its own, which is made when all up to last_seq was committed and so lacks
        // none.
        if (after && *after < view.last_seq) {
            view.page = db::MessageRepository(connection_)
                            .read_page(*record, *after + 1, view.last_seq, kReplayPage);
        }
        return view;
    });
}

Result<db::MessagePage> ChatService::messages_after(std::string_view client_id,
                                                    Seq after,
                                                    const db::PageBounds& bounds) {
    return with_retry([&] {
        const auto record = db::SessionRepository(connection_).find(client_id);
        if (!record || after >= record->session.last_seq) return db::MessagePage{};
        return db::MessageRepository(connection_)
            .read_page(*record, after + 1, record->session.last_seq, bounds);
    });
}

}  // namespace livechat
