#include "db/history_repository.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "db/columns.hpp"
#include "db/message_repository.hpp"

namespace livechat::db {
namespace {

std::string select_with(std::string_view range) {
    return "SELECT " + std::string(kRecordColumns) + ", " + std::string(kMessageColumns) +
           " FROM session s LEFT JOIN message m ON m.session_id = s.id AND " + std::string(range) +
           " WHERE s.client_id = ?";
}

std::optional<History> read_history(Rows rows, std::string_view client_id) {
    constexpr unsigned kMessage = kRecordColumnCount + 1;
    if (!rows.next()) return std::nullopt;
    History history{read_record(rows, client_id), {}};
    // A session without a message in the range is one row, with NULL for the message.
    if (rows.is_null(kMessage)) return history;
    do {
        if (auto message = read_message(rows, kMessage, history.record)) {
            history.messages.push_back(*std::move(message));
        }
    } while (rows.next());
    // They come in the order of the primary key. To ask for it would cost a sort, which they are
    // not likely to need.
    if (!std::ranges::is_sorted(history.messages, {}, &Message::seq)) {
        std::ranges::sort(history.messages, {}, &Message::seq);
    }
    return history;
}

}  // namespace

std::optional<History> HistoryRepository::between(std::string_view client_id, Seq first, Seq last) {
    static const std::string sql = select_with("m.seq BETWEEN ? AND ?");
    auto history = read_history(connection_.query(sql, {first, last, client_id}), client_id);
    if (history) complete(*history, first, last);
    return history;
}

std::optional<History> HistoryRepository::below(std::string_view client_id,
                                                Seq end,
                                                std::uint64_t count) {
    // Numbers are unsigned: nothing may go below 0.
    static const std::string sql = select_with(
        "m.seq < ? AND m.seq > IF(LEAST(s.last_seq, ?) > ?, LEAST(s.last_seq, ?) - ?, 0)");
    // MySQL 5.6 has LEAST() of signed numbers only.
    constexpr Seq kLargest = std::numeric_limits<std::int64_t>::max();
    const Seq last = std::min(end == 0 ? 0 : end - 1, kLargest);
    auto history =
        read_history(connection_.query(sql, {end, last, count, last, count, client_id}), client_id);
    if (history) {
        const Seq newest = std::min(last, history->record.session.last_seq);
        complete(*history, newest - std::min(newest, count) + 1, newest);
    }
    return history;
}

void HistoryRepository::complete(History& history, Seq first, Seq last) {
    first = std::max<Seq>(first, 1);
    last = std::min(last, history.record.session.last_seq);
    if (first > last || history.messages.size() == last - first + 1) return;
    history.messages = MessageRepository(connection_).read(history.record, first, last);
}

}  // namespace livechat::db
