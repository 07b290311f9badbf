#include "transport/client_service.hpp"

#include <algorithm>
#include <utility>

#include "base/ids.hpp"
#include "base/origin.hpp"

namespace livechat::transport {
namespace {

using eio::RequestError;

constexpr std::size_t kSidBytes = 15;
constexpr std::string_view kBearer = "bearer ";
// What a page of another origin may send, beyond what needs no leave (Fetch Standard).
constexpr std::string_view kPreflight =
    "Access-Control-Allow-Methods: GET, POST\r\n"
    "Access-Control-Allow-Headers: Authorization, Content-Type\r\n"
    "Access-Control-Max-Age: 600\r\n";

eio::SessionSettings session_settings(const Settings& settings) {
    eio::SessionSettings out;
    out.ping_interval = settings.ping_interval;
    out.ping_timeout = settings.ping_timeout;
    out.upgrade_timeout = settings.upgrade_timeout;
    out.max_payload = settings.max_payload;
    out.max_packets = settings.max_packets;
    out.max_buffered = settings.max_write_buffer;
    return out;
}

// Of "client, proxy1, proxy2" the last was added by the proxy that we trust.
std::string_view last_of_list(std::string_view list) {
    const auto comma = list.rfind(',');
    if (comma != std::string_view::npos) list.remove_prefix(comma + 1);
    while (!list.empty() && list.front() == ' ') list.remove_prefix(1);
    return list;
}

HttpReply refused(RequestError error) { return to_reply(eio::refusal(error)); }

HttpReply overloaded(int status, std::string_view why) {
    HttpReply reply = to_reply(eio::refusal(RequestError::bad_request, why));
    reply.status = status;
    reply.headers = "Retry-After: 5\r\n";
    return reply;
}

HttpReply refused(const app::Refusal& refusal) {
    HttpReply reply = to_reply(eio::refusal(RequestError::forbidden, refusal.message));
    reply.status = refusal.status;
    if (refusal.retry_after.count() > 0) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(refusal.retry_after);
        reply.headers = "Retry-After: " + std::to_string(seconds.count()) + "\r\n";
    }
    return reply;
}

// The scheme's name is in any case (RFC 9110, section 11.1).
bool is_bearer(std::string_view authorization) {
    return std::ranges::equal(authorization.substr(0, kBearer.size()), kBearer, {}, [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
}

bool is_preflight(const HttpRequest& request) {
    return request.method == "OPTIONS" && !request.header("origin").empty() &&
           !request.header("access-control-request-method").empty();
}

// Any subprotocol will do, and the first one is as good as another (the reference server's answer).
std::string_view offered_first(const HttpRequest& request) {
    return request.first_token("sec-websocket-protocol");
}

void feed(WebSocket& socket, std::string& bytes) {
    if (!bytes.empty()) socket.on_bytes(bytes);
}

}  // namespace

ClientService::ClientService(std::shared_ptr<Loop> loop,
                             ChannelFactory& channels,
                             app::Application* application,
                             const Settings& settings)
    : loop_(std::move(loop)),
      channels_(channels),
      application_(application),
      settings_(settings),
      session_settings_(session_settings(settings)),
      sessions_({settings.max_sessions, settings.max_sessions_per_address}) {}

void ClientService::on_head(Exchange& exchange, const HttpRequest& head) {
    if (head.method != "POST" || head.path() != settings_.path) return;
    if (!welcomes_page(exchange, head) || refusal(head)) return;
    if (const auto session = find(head)) session->post_head(exchange, head.content_length);
}

void ClientService::on_request(const std::shared_ptr<Exchange>& exchange) {
    const HttpRequest& request = exchange->request();
    if (request.path() != settings_.path) {
        exchange->answer({404, "text/plain; charset=UTF-8", "not found\n", {}});
    } else if (!welcomes_page(*exchange, request)) {
        return;
    } else if (is_preflight(request)) {
        exchange->answer({204, {}, {}, std::string(kPreflight)});
    } else if (auto answer = refusal(request)) {
        exchange->answer(to_reply(std::move(*answer)));
    } else if (const auto session = find(request)) {
        if (request.method == "GET") {
            session->poll(exchange);
        } else if (request.method == "POST") {
            session->post_body(exchange);
        } else {
            exchange->answer(refused(RequestError::bad_request));
        }
    } else if (const auto fresh = handshake(*exchange, eio::Transport::polling)) {
        exchange->answer(to_reply({200, false, fresh->session().open_packet()}));
    }
}

void ClientService::on_upgrade(Exchange& exchange, Stream& stream, std::string rest) {
    const HttpRequest& request = exchange.request();
    if (!welcomes_page(exchange, request)) return;
    if (application_ && !settings_.plain_path.empty() && request.path() == settings_.plain_path) {
        open_plain(exchange, stream, std::move(rest));
    } else if (request.path() != settings_.path) {
        exchange.answer({404, "text/plain; charset=UTF-8", "not found\n", {}});
    } else if (auto answer = refusal(request)) {
        exchange.answer(to_reply(std::move(*answer)));
    } else if (const auto session = find(request)) {
        if (WebSocket* socket = take_over(exchange, stream, offered_first(request))) {
            session->upgrade_to(*socket);
            feed(*socket, rest);
        }
    } else if (const auto fresh = handshake(exchange, eio::Transport::websocket)) {
        if (WebSocket* socket = take_over(exchange, stream, offered_first(request))) {
            fresh->carry_on(*socket);
            feed(*socket, rest);
        } else {
            fresh->close("bad_handshake");
        }
    }
}

void ClientService::close_all(std::string_view reason) {
    sessions_.for_each([&](const auto& session) { session->close(reason); });
    for (const auto& [key, socket] : plain_) socket->shut_down(reason);
}

void ClientService::forget(EngineSession& session) {
    sessions_.erase(session.session().sid(), session.handshake().remote_address);
    loop_->counters().sessions_open = sessions_.size();
}

void ClientService::forget(PlainSocket& socket) {
    plain_.erase(&socket);
    loop_->counters().plain_open = plain_.size();
}

std::shared_ptr<EngineSession> ClientService::find(const HttpRequest& request) const {
    const auto sid = query_parameter(request.query(), "sid");
    return sid ? sessions_.find(*sid) : nullptr;
}

// The order of the checks is the protocol's.
std::optional<eio::Answer> ClientService::refusal(const HttpRequest& request) const {
    const bool websocket = request.wants_websocket();
    const auto transport = query_parameter(request.query(), "transport");
    if (transport != "polling" && transport != "websocket") {
        return eio::refusal(RequestError::unknown_transport);
    }
    const auto sid = query_parameter(request.query(), "sid");
    if (sid && !sid->empty()) {
        const auto session = sessions_.find(*sid);
        if (!session) return eio::refusal(RequestError::unknown_sid);
        // A WebSocket that is one too many is accepted and closed; a poll is refused.
        if (websocket != (transport == "websocket")) return eio::refusal(RequestError::bad_request);
        return std::nullopt;
    }
    if (request.method != "GET") return eio::refusal(RequestError::bad_handshake_method);
    if (websocket != (transport == "websocket")) return eio::refusal(RequestError::bad_request);
    if (query_parameter(request.query(), "EIO") != "4") {
        return eio::refusal(RequestError::unsupported_version);
    }
    return std::nullopt;
}

// A new session; null if the request was answered with a refusal.
std::shared_ptr<EngineSession> ClientService::handshake(Exchange& exchange,
                                                        eio::Transport transport) {
    app::Handshake who = describe(exchange);
    if (!admits(exchange, who)) return nullptr;
    if (const auto why = channels_.refuse_handshake(who)) {
        exchange.answer(refused(*why));
        return nullptr;
    }
    const std::string sid = eio::make_sid(settings_.daemon_name, random_id(kSidBytes));
    const auto session = std::make_shared<EngineSession>(
        loop_, *this, settings_, eio::Session(sid, session_settings_, transport, Loop::now()),
        std::move(who));
    sessions_.insert(sid, session->handshake().remote_address, session);
    ++loop_->counters().sessions;
    loop_->counters().sessions_open = sessions_.size();
    session->open(channels_);
    return session;
}

bool ClientService::welcomes_page(Exchange& exchange, const HttpRequest& request) const {
    const std::string_view origin = request.header("origin");
    const std::string_view host = request.header("host");
    const bool secure = comes_over_tls(exchange);
    if (!origin_allowed(origin, host, secure, settings_.allowed_origins)) {
        report_refused_origin(origin, host);
        exchange.answer(
            to_reply(eio::refusal(RequestError::forbidden, origin_refusal(origin, host))));
        return false;
    }
    if (is_cross_origin(origin, host, secure)) {
        exchange.set_headers("Access-Control-Allow-Origin: " + std::string(origin) +
                             "\r\nAccess-Control-Allow-Credentials: true\r\nVary: Origin\r\n");
    }
    return true;
}

bool ClientService::comes_over_tls(const Exchange& exchange) const {
    return exchange.request().header("x-forwarded-proto") == "https" &&
           settings_.trusts(exchange.address());
}

bool ClientService::admits(Exchange& exchange, const app::Handshake& who) {
    const auto admission = sessions_.admits(who.remote_address);
    if (closing_) {
        exchange.answer(overloaded(503, "The server is going away"));
    } else if (admission == eio::Admission::table_full ||
               sessions_.size() + plain_.size() >= settings_.max_sessions) {
        exchange.answer(overloaded(503, "Too many sessions"));
    } else if (admission == eio::Admission::address_full) {
        exchange.answer(overloaded(429, "Too many sessions from this address"));
    } else {
        return true;
    }
    return false;
}

// Answers 101 and makes the stream a WebSocket; null if the request was answered with a refusal.
WebSocket* ClientService::take_over(Exchange& exchange,
                                    Stream& stream,
                                    std::string_view subprotocol) {
    WebSocketCodec codec(settings_.max_payload);
    auto answer = codec.accept(exchange.request(), subprotocol);
    if (!answer) {
        HttpReply reply = refused(RequestError::bad_request);
        reply.headers = "Sec-WebSocket-Version: 13\r\n";
        exchange.answer(reply);
        return nullptr;
    }
    stream.write(std::make_shared<eio::Frame>(eio::Frame{std::move(*answer), 0, false}));
    auto socket = std::make_unique<WebSocket>(stream, std::move(codec), settings_.max_payload);
    WebSocket* const taken = socket.get();
    stream.replace_handler(std::move(socket));
    return taken;
}

void ClientService::open_plain(Exchange& exchange, Stream& stream, std::string rest) {
    app::Handshake who = describe(exchange);
    if (!admits(exchange, who)) return;
    if (const auto why = application_->refuse_handshake(who)) {
        exchange.answer(refused(*why));
        return;
    }
    const HttpRequest& request = exchange.request();
    const bool offered = !request.header("sec-websocket-protocol").empty();
    const bool ours = request.header_has("sec-websocket-protocol", kPlainSubprotocol);
    if (offered && !ours) {
        exchange.answer({400,
                         "text/plain; charset=UTF-8",
                         "the subprotocol is " + std::string(kPlainSubprotocol) + '\n',
                         {}});
        return;
    }
    WebSocket* const websocket =
        take_over(exchange, stream, ours ? kPlainSubprotocol : std::string_view());
    if (!websocket) return;
    const std::string_view authorization = request.header("authorization");
    const auto socket = std::make_shared<PlainSocket>(loop_, *this, *application_, settings_,
                                                      *websocket, std::move(who));
    plain_.emplace(socket.get(), socket);
    ++loop_->counters().sockets;
    loop_->counters().plain_open = plain_.size();
    if (is_bearer(authorization)) {
        socket->introduce({{"token", authorization.substr(kBearer.size())}});
    }
    feed(*websocket, rest);
}

app::Handshake ClientService::describe(const Exchange& exchange) const {
    const HttpRequest& request = exchange.request();
    app::Handshake who;
    who.remote_address = exchange.address();
    if (settings_.trusts(exchange.address())) {
        const std::string_view real = request.header("x-real-ip");
        const std::string_view forwarded = last_of_list(request.header("x-forwarded-for"));
        if (!real.empty()) {
            who.remote_address = real;
        } else if (!forwarded.empty()) {
            who.remote_address = forwarded;
        }
    }
    who.secure = comes_over_tls(exchange);
    who.origin = request.header("origin");
    who.cookie = request.header("cookie");
    who.user_agent = request.header("user-agent");
    who.request_id = request.header("x-request-id");
    return who;
}

}  // namespace livechat::transport
