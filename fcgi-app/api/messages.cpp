#include "api/handlers.hpp"
#include "api/json_body.hpp"
#include "api/problems.hpp"
#include "base/json.hpp"
#include "domain/json.hpp"

namespace livechat::api {

Answer send_message(const Context& context,
                    const http::Request& request,
                    const std::string& client_id) {
    auto caller = context.access.read(request);
    const auto object = read_json_object(request, context.limits);
    if (!object) return tl::unexpected(object.error());
    const auto sent = read_message(*object, client_id).and_then([&](const NewMessage& message) {
        return context.access.permit(caller, {Operation::send, client_id, message.sender})
            .and_then([&] {
                return context.access.allow_send(caller, client_id, json_string_size(message.text));
            })
            .and_then([&] { return context.chat.send(message); });
    });
    if (!sent) return tl::unexpected(to_problem(sent.error()));

    http::Response response{.status = 201};
    response.body = "{";
    append_sent_members(response.body, *sent);
    response.body += '}';
    return response;
}

Result<NewMessage> read_message(const Json& object, const std::string& client_id) {
    auto text =
        required_text(object, "message", ErrorCode::message_required, ErrorCode::message_invalid);
    if (!text) return tl::unexpected(text.error());
    const auto sender = sender_member(object);
    if (!sender) return tl::unexpected(sender.error());
    auto message_id = optional_text(object, "messageId", ErrorCode::message_id_invalid);
    if (!message_id) return tl::unexpected(message_id.error());
    return NewMessage{client_id, *sender, *std::move(text), *std::move(message_id)};
}

}  // namespace livechat::api
