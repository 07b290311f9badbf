// The chat's nouns as the JSON that REST and the sockets show (contract, "REST" and "Socket.IO").
// Each function appends one compact JSON value to `out`.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "domain/failure.hpp"
#include "domain/types.hpp"

namespace livechat {

// {message,sender,createdAt,seq,messageId?,read,erased?}; erased: true and an empty message where
// its text was erased, in the others below as well.
void append_json(std::string& out, const Message& message);
void append_json(std::string& out, std::span<const Message> messages);

// A row of GET /sessions: {clientId,status,lastMessage,unread,createdAt,
// waitingSince?,visitor?}
void append_json(std::string& out, const Session& session);

// The answer to a sender: `"seq":…,"createdAt":…,"messageId":…`, without braces; messageId is null
// when the sender has chosen none.
void append_sent_members(std::string& out, const Sent& sent);

// Data of the event new-message: {clientId,message,sender,createdAt,seq,messageId?}
void append_new_message(std::string& out, std::string_view client_id, const Message& message);

}  // namespace livechat
