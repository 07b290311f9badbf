#include "api/handlers.hpp"
#include "api/json_body.hpp"
#include "api/problems.hpp"
#include "domain/json.hpp"

namespace livechat::api {

Answer initialize(const Context& context, const http::Request& request) {
    const auto object = read_json_object(request, context.limits);
    if (!object) return tl::unexpected(object.error());
    const auto initialized = client_id_member(*object).and_then(
        [&](const std::string& client_id) { return context.chat.initialize(client_id); });
    if (!initialized) return tl::unexpected(to_problem(initialized.error()));

    http::Response response;
    append_json(response.body, *initialized);
    return response;
}

void append_json(std::string& out, const Initialized& initialized) {
    out += R"({"session":)";
    livechat::append_json(out, initialized.session);
    out += R"(,"messages":)";
    livechat::append_json(out, std::span(initialized.messages));
    out += '}';
}

}  // namespace livechat::api
