#include "api/credentials.hpp"
#include "api/handlers.hpp"
#include "api/json_body.hpp"
#include "api/problems.hpp"
#include "domain/json.hpp"
#include "domain/rules.hpp"

namespace livechat::api {

Answer initialize(const Context& context, const http::Request& request) {
    auto caller = context.access.read(request);
    const auto object = read_json_object(request, context.limits);
    if (!object) return tl::unexpected(object.error());
    const auto client_id = client_id_member(*object).and_then([&](std::string text) {
        return rules::check_client_id(text, context.limits).map([&] { return std::move(text); });
    });
    if (!client_id) return tl::unexpected(to_problem(client_id.error()));
    const auto signature = signature_members(*object);
    if (!signature) return tl::unexpected(to_problem(signature.error()));
    const auto visitor = read_visitor(*object).and_then(
        [](Visitor read) { return rules::check(read).map([&] { return std::move(read); }); });
    if (!visitor) return tl::unexpected(to_problem(visitor.error()));

    const auto opened = context.access.open(caller, *client_id, *signature);
    if (!opened) return tl::unexpected(to_problem(opened.error()));
    const auto initialized = context.chat.initialize(*client_id, *visitor);
    if (!initialized) return tl::unexpected(to_problem(initialized.error()));

    http::Response response;
    append_json(response.body, *initialized, opened->token);
    context.access.count_read(caller, response.body.size());
    if (opened->renewed) {
        const auto& auth = context.access.auth();
        response.headers.emplace_back("Set-Cookie",
                                      set_cookie(kVisitorCookie, *opened->token, auth.visitor_token,
                                                 gives_secure_cookies(request, auth)));
    }
    return response;
}

Result<Visitor> read_visitor(const Json& object) {
    Visitor visitor;
    const auto member = object.find("visitor");
    if (member == object.end() || member->is_null()) return visitor;
    if (!member->is_object()) return fail(ErrorCode::visitor_invalid, "visitor must be an object");
    for (std::size_t i = 0; i < kVisitorFields; ++i) {
        auto text = optional_text(*member, to_string(static_cast<VisitorField>(i)),
                                  ErrorCode::visitor_invalid);
        if (!text) return tl::unexpected(text.error());
        visitor.fields[i] = *std::move(text);
    }
    return visitor;
}

void append_json(std::string& out,
                 const Initialized& initialized,
                 const std::optional<std::string>& token) {
    out += R"({"session":)";
    livechat::append_json(out, initialized.session);
    out += R"(,"messages":)";
    livechat::append_json(out, std::span(initialized.messages));
    if (token) {
        out += R"(,"token":)";
        append_json_string(out, *token);
    }
    out += '}';
}

}  // namespace livechat::api
