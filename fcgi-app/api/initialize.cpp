#include "api/handlers.hpp"
#include "api/json_body.hpp"
#include "api/problems.hpp"
#include "domain/json.hpp"

namespace livechat::api {

Answer initialize(const Context& context, const http::Request& request) {
    const auto object = read_json_object(request, context.limits);
    if (!object) return tl::unexpected(object.error());
    const auto initialized = client_id_member(*object).and_then([&](const std::string& client_id) {
        return read_visitor(*object).and_then(
            [&](const Visitor& visitor) { return context.chat.initialize(client_id, visitor); });
    });
    if (!initialized) return tl::unexpected(to_problem(initialized.error()));

    http::Response response;
    append_json(response.body, *initialized);
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

void append_json(std::string& out, const Initialized& initialized) {
    out += R"({"session":)";
    livechat::append_json(out, initialized.session);
    out += R"(,"messages":)";
    livechat::append_json(out, std::span(initialized.messages));
    out += '}';
}

}  // namespace livechat::api
