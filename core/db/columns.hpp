// Columns that several statements select, and how a row of them is read. With the tables' aliases
// s (session) and m (message).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "db/connection.hpp"
#include "db/session_repository.hpp"
#include "domain/types.hpp"

namespace livechat::db {

inline constexpr std::string_view kRecordColumns =
    "s.id, s.status, s.created_at, s.last_seq, s.client_unread, s.admin_unread, s.client_read_seq,"
    " s.admin_read_seq";
inline constexpr unsigned kRecordColumnCount = 8;

// From column 1. Throws Error of kind other where the status is not a known one.
SessionRecord read_record(const Rows& rows, std::string_view client_id);

inline constexpr std::string_view kMessageColumns =
    "m.seq, m.sender, m.body, m.created_at, m.message_id";

// From column `first`; none where it is not known who wrote it (db/words.hpp).
std::optional<Message> read_message(const Rows& rows, unsigned first, const SessionRecord& session);

std::optional<Side> read_side(const Rows& rows, unsigned column);
std::optional<SessionStatus> read_status(const Rows& rows, unsigned column);

// A time as Rows::time gives it, in the form in which servers take one: "2025-03-10 12:00:00.000".
std::string sql_time(std::string_view time);

}  // namespace livechat::db
