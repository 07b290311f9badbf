// The resources of the REST API (contract, "REST"), each in a source file of its own: what comes in
// is read by read_…, Access and ChatService decide, and append_json writes what goes out.
//
// A handler gets the decoded clientId of the path, which the rules have yet to see. It throws
// db::Error.
#pragma once

#include <string>
#include <string_view>

#include "api/access.hpp"
#include "base/json.hpp"
#include "chat/agent_service.hpp"
#include "chat/ban_service.hpp"
#include "chat/chat_service.hpp"
#include "http/problem.hpp"
#include "http/request.hpp"
#include "http/router.hpp"

namespace livechat::api {

// What every handler works with.
struct Context {
    ChatService& chat;
    const Limits& limits;
    Access& access;
    AgentService& agents;
    BanService& bans;
};

using http::Answer;

// POST /initialize {clientId,signature?,expires?,visitor?}
Answer initialize(const Context& context, const http::Request& request);
Result<Visitor> read_visitor(const Json& object);
void append_json(std::string& out,
                 const Initialized& initialized,
                 const std::optional<std::string>& token = {});

// GET /sessions?limit&cursor&status
Answer list_sessions(const Context& context, const http::Request& request);
tl::expected<SessionQuery, http::Problem> read_session_query(std::string_view raw,
                                                             const Limits& limits);
void append_json(std::string& out, const SessionPage& page);
// Value of the Link header that leads to the next page (RFC 8288).
std::string next_link(const SessionQuery& query, std::string_view next);

// GET /sessions/:clientId
Answer show_session(const Context& context,
                    const http::Request& request,
                    const std::string& client_id);

// GET /history/:clientId?page&limit&after&before
Answer show_history(const Context& context,
                    const http::Request& request,
                    const std::string& client_id);
tl::expected<HistoryQuery, http::Problem> read_history_query(std::string_view raw,
                                                             const Limits& limits);
void append_json(std::string& out, const HistoryPage& page);

// PUT /read/:clientId {sender}
Answer mark_read(const Context& context,
                 const http::Request& request,
                 const std::string& client_id);

// PUT /close/:clientId; a body is not looked at.
Answer close_session(const Context& context,
                     const http::Request& request,
                     const std::string& client_id);

// POST /messages/:clientId {message,sender,messageId?}
Answer send_message(const Context& context,
                    const http::Request& request,
                    const std::string& client_id);
Result<NewMessage> read_message(const Json& object, const std::string& client_id);

// POST /login {username,password}, POST /logout, GET /me
Answer log_in(const Context& context, const http::Request& request);
Answer log_out(const Context& context, const http::Request& request);
Answer show_me(const Context& context, const http::Request& request);
void append_json(std::string& out, const Principal& principal);

// DELETE /tokens/:clientId {signature?,expires?}; the body may be left out.
Answer sign_out(const Context& context, const http::Request& request, const std::string& client_id);

// GET and POST /bans {kind,value,reason?,seconds?}, DELETE /bans/:id
Answer list_bans(const Context& context, const http::Request& request);
Answer add_ban(const Context& context, const http::Request& request);
Answer remove_ban(const Context& context, const http::Request& request, const std::string& id);
void append_json(std::string& out, const Ban& ban);

}  // namespace livechat::api
