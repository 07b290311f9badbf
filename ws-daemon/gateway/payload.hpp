// What clients send with an event (contract, "client emits"), out of the JSON it came in. Pure.
// What is not of the right kind is a failure that names it; unknown members are ignored.
#pragma once

#include <optional>
#include <string>

#include "app/socket.hpp"
#include "base/config.hpp"
#include "domain/failure.hpp"
#include "domain/types.hpp"

namespace livechat::gateway {

// join: clientId, or {clientId, after?}
struct JoinPayload {
    std::string client_id;
    std::optional<Seq> after;
    // The epoch in which the client has seen `after`; "": it knows none yet. A client that gives
    // one is told the present one.
    std::optional<std::string> epoch;
};

struct TypingPayload {
    std::string client_id;
    bool is_typing = false;
    Side sender = Side::client;
};

struct ReadPayload {
    std::string client_id;
    Side reader = Side::client;
};

// watch-sessions: {presence?, typing?, away?}; what is no object asks for none of them
struct WatchPayload {
    bool presence = false;  // also wants to know which visitors are online …
    bool typing = false;    // … and who types
    bool away = false;      // does not count as an agent who is there
};

// {clientId,isTyping,sender}
std::string typing_data(const TypingPayload& payload);

// args: an event's arguments after its name; only the first one counts.
Result<JoinPayload> read_join(const app::Json& args, const Limits& limits);
Result<NewMessage> read_message(const app::Json& args, const Limits& limits);
Result<TypingPayload> read_typing(const app::Json& args, const Limits& limits);
Result<ReadPayload> read_mark_read(const app::Json& args, const Limits& limits);
Result<WatchPayload> read_watch(const app::Json& args);
// leave: clientId, or {clientId}
Result<std::string> read_leave(const app::Json& args, const Limits& limits);

}  // namespace livechat::gateway
