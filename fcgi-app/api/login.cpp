#include <chrono>

#include "api/credentials.hpp"
#include "api/handlers.hpp"
#include "api/json_body.hpp"
#include "api/problems.hpp"
#include "domain/json.hpp"
#include "domain/rules.hpp"

namespace livechat::api {
namespace {

void append_json(std::string& out, const LoggedIn& logged_in) {
    out += R"({"token":)";
    append_json_string(out, logged_in.token);
    out += R"(,"expiresAt":)";
    append_json_string(out, logged_in.expires_at);
    out += R"(,"agent":{"username":)";
    append_json_string(out, logged_in.username);
    out += R"(,"role":)";
    append_json_string(out, to_string(logged_in.role));
    out += "}}";
}

}  // namespace

Answer log_in(const Context& context, const http::Request& request) {
    auto& access = context.access;
    const auto object = read_json_object(request, context.limits);
    if (!object) return tl::unexpected(object.error());
    constexpr auto kInvalid = ErrorCode::invalid_payload;
    const auto username = required_text(*object, "username", kInvalid, kInvalid);
    if (!username) return tl::unexpected(to_problem(username.error()));
    const auto password = required_text(*object, "password", kInvalid, kInvalid);
    if (!password) return tl::unexpected(to_problem(password.error()));

    if (const auto allowed = access.check_address_ban(access.read(request)); !allowed) {
        return tl::unexpected(to_problem(allowed.error()));
    }
    const auto logged_in =
        context.agents.login({*username, *password, request.remote_address}, access.login_limits(),
                             std::chrono::steady_clock::now());
    if (!logged_in) return tl::unexpected(to_problem(logged_in.error()));
    const auto& auth = access.auth();
    http::Response response;
    append_json(response.body, *logged_in);
    response.headers.emplace_back("Set-Cookie",
                                  set_cookie(kAgentCookie, logged_in->token, auth.agent_token,
                                             gives_secure_cookies(request, auth)));
    return response;
}

Answer log_out(const Context& context, const http::Request& request) {
    auto caller = context.access.read(request);
    if (caller.unproven_cookie) return tl::unexpected(to_problem(origin_required()));
    const auto known = context.access.identify(caller);
    if (!known && known.error().code == ErrorCode::rate_limited) {
        return tl::unexpected(to_problem(known.error()));
    }
    bool visitor_ended = false;
    // Without a good token one is out already.
    if (known) {
        const auto& principal = caller.principal;
        const auto* agent = principal.agent();
        const auto* ended = principal.by_cookie            ? agent
                            : principal.identities.empty() ? nullptr
                                                           : &principal.identities.front();
        if (ended) context.access.revoke(ended->token_hash);
        visitor_ended = ended && ended->kind == TokenKind::visitor;
    }
    http::Response response{.status = 204};
    response.headers.emplace_back(
        "Set-Cookie", clear_cookie(visitor_ended ? kVisitorCookie : kAgentCookie,
                                   gives_secure_cookies(request, context.access.auth())));
    return response;
}

Answer sign_out(const Context& context,
                const http::Request& request,
                const std::string& client_id) {
    auto caller = context.access.read(request);
    std::optional<Signature> signature;
    if (!request.content_length.empty() && request.content_length != "0") {
        const auto object = read_json_object(request, context.limits);
        if (!object) return tl::unexpected(object.error());
        auto given = signature_members(*object);
        if (!given) return tl::unexpected(to_problem(given.error()));
        signature = *std::move(given);
    }
    const auto ended = rules::check_client_id(client_id, context.limits).and_then([&] {
        return context.access.sign_out(caller, client_id, signature);
    });
    if (!ended) return tl::unexpected(to_problem(ended.error()));
    return http::Response{.status = 204};
}

Answer show_me(const Context& context, const http::Request& request) {
    auto caller = context.access.read(request);
    if (const auto known = context.access.identify(caller); !known) {
        return tl::unexpected(to_problem(known.error()));
    }
    const auto& principal = caller.principal;
    if (principal.identities.empty() && context.access.mode() == AuthMode::token) {
        return tl::unexpected(to_problem(Failure{ErrorCode::unauthorized, "a token is required"}));
    }
    http::Response response;
    append_json(response.body, principal);
    return response;
}

void append_json(std::string& out, const Principal& principal) {
    const Identity* staff = principal.agent();
    const Identity* visitor = principal.visitor();
    if (!staff && !visitor && !principal.identities.empty()) staff = &principal.identities.front();
    const Identity* first = staff ? staff : visitor;
    out += R"({"kind":)";
    append_json_string(out, first ? to_string(first->kind) : "open");
    if (staff && staff->kind == TokenKind::agent) {
        out += R"(,"username":)";
        append_json_string(out, staff->name);
        out += R"(,"role":)";
        append_json_string(out, to_string(staff->role));
    } else if (staff) {
        out += R"(,"name":)";
        append_json_string(out, staff->name);
        out += R"(,"scopes":[)";
        // Words that hold no character to escape.
        for (const char c : '"' + to_string(staff->scopes) + '"') {
            out += c == ',' ? R"(",")" : std::string_view(&c, 1);
        }
        out += ']';
    }
    if (visitor) {
        out += R"(,"clientIds":[)";
        for (const auto& client_id : visitor->client_ids) {
            if (out.back() != '[') out += ',';
            append_json_string(out, client_id);
        }
        out += ']';
    }
    out += '}';
}

}  // namespace livechat::api
