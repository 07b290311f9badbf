#include "db/message_repository.hpp"

#include <algorithm>

#include "db/columns.hpp"
#include "db/pieces.hpp"

namespace livechat::db {

namespace {

// How many of the messages fit, counted from the front; at least one.
std::size_t count_fitting(std::span<const std::uint64_t> lengths, std::uint64_t bytes) {
    std::uint64_t used = 0;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        used += lengths[i];
        if (i > 0 && used > bytes) return i;
    }
    return lengths.size();
}

}  // namespace

MessagePage MessageRepository::read_page(
    const SessionRecord& session, Seq first, Seq last, const PageBounds& bounds, Keep keep) {
    if (first > last || bounds.messages == 0) return {};
    const Seq count = std::min(last - first + 1, bounds.messages);
    if (keep == Keep::oldest) {
        last = first + count - 1;
    } else {
        first = last - count + 1;
    }
    // A text that is longer than its share of the bound stays in the database at first. Where all
    // are short, which is the rule, this statement is the only one.
    static const std::string sql =
        "SELECT m.seq, m.sender, IF(LENGTH(m.body) <= ?, m.body, NULL), m.created_at,"
        " m.message_id, LENGTH(m.body) FROM message m"
        " WHERE m.session_id = ? AND m.seq BETWEEN ? AND ? ORDER BY m.seq";
    auto rows = connection_.query(sql, {bounds.bytes / count, session.id, first, last});
    MessagePage page{{}, first, last};
    std::vector<Seq> seqs;
    std::vector<std::uint64_t> lengths;
    bool whole = true;
    while (rows.next()) {
        seqs.push_back(rows.integer(1));
        lengths.push_back(rows.integer(6));
        whole = whole && !rows.is_null(3);
        if (auto message = read_message(rows, 1, session)) {
            page.messages.push_back(*std::move(message));
        }
    }
    if (whole) return page;
    if (keep == Keep::newest) std::ranges::reverse(lengths);
    const auto fitting = count_fitting(lengths, bounds.bytes);
    if (keep == Keep::oldest) {
        if (fitting < seqs.size()) page.last = seqs[fitting] - 1;
    } else if (fitting < seqs.size()) {
        page.first = seqs[seqs.size() - fitting - 1] + 1;
    }
    page.messages = read(session, page.first, page.last);
    return page;
}

std::vector<Message> MessageRepository::read(const SessionRecord& session, Seq first, Seq last) {
    std::vector<Message> messages;
    if (first > last) return messages;
    static const std::string sql =
        "SELECT " + std::string(kMessageColumns) +
        " FROM message m"
        " WHERE m.session_id = ? AND m.seq BETWEEN ? AND ? ORDER BY m.seq";
    auto rows = connection_.query(sql, {session.id, first, last});
    while (rows.next()) {
        if (auto message = read_message(rows, 1, session)) messages.push_back(*std::move(message));
    }
    return messages;
}

void MessageRepository::insert(std::span<const NumberedRow> rows) {
    // The triggers leave messages alone on this connection from now on (0006_newest_message.sql).
    connection_.once("SET @livechat_numbered = 1");
    const auto size_of = [](const NumberedRow& row) {
        constexpr std::size_t kRest = 512;  // the other columns
        return row.message->text.size() + kRest;
    };
    for_pieces(rows, [&](std::span<const NumberedRow> piece) {
        for_packets(piece, connection_.max_packet(), size_of,
                    [&](std::span<const NumberedRow> part) { insert_at_once(part); });
    });
}

void MessageRepository::announce(std::span<const NumberedRow> rows) {
    for_pieces(rows, [&](auto piece) { announce_at_once(piece); });
}

void MessageRepository::insert_at_once(std::span<const NumberedRow> rows) {
    std::vector<std::string> times;  // what `values` points to
    times.reserve(rows.size());
    std::vector<Value> values;
    values.reserve(rows.size() * 6);
    for (const auto& row : rows) {
        values.emplace_back(row.session_id);
        values.emplace_back(row.seq);
        values.emplace_back(times.emplace_back(sql_time(row.created_at)));
        values.emplace_back(to_string(row.message->sender));
        values.emplace_back(std::string_view(row.message->text));
        values.push_back(value_or_null(row.message->message_id));
    }
    connection_.execute(
        "INSERT INTO message (session_id, seq, created_at, sender, body, message_id) VALUES " +
            placeholders(rows.size(), 6),
        values);
}

void MessageRepository::announce_at_once(std::span<const NumberedRow> rows) {
    std::vector<std::string> times;
    times.reserve(rows.size());
    std::vector<Value> values;
    values.reserve(rows.size() * 4);
    for (const auto& row : rows) {
        values.emplace_back(row.session_id);
        values.emplace_back("message");
        values.emplace_back(row.seq);
        values.emplace_back(times.emplace_back(sql_time(row.created_at)));
    }
    connection_.execute("INSERT INTO notification (session_id, kind, seq, created_at) VALUES " +
                            placeholders(rows.size(), 4),
                        values);
}

std::vector<KnownMessage> MessageRepository::known(std::span<const MessageRow> rows) {
    // Pairs joined by OR, not (a, b) IN ((…)): MySQL 5.6 uses the index for this form only.
    std::string sql = "SELECT session_id, message_id, seq, created_at FROM message WHERE ";
    std::vector<Value> values;
    for (const auto& [session_id, message] : rows) {
        if (!message->message_id) continue;
        sql += values.empty() ? "" : " OR ";
        sql += "(session_id = ? AND message_id = ?)";
        values.emplace_back(session_id);
        values.emplace_back(std::string_view(*message->message_id));
    }
    std::vector<KnownMessage> known;
    if (values.empty()) return known;
    auto found = connection_.query(sql, values);
    while (found.next()) {
        known.push_back({found.integer(1), found.text(2), found.integer(3), found.time(4)});
    }
    return known;
}

}  // namespace livechat::db
