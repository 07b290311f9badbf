#include "api/handlers.hpp"
#include "api/json_body.hpp"
#include "api/problems.hpp"

namespace livechat::api {

Answer mark_read(const Context& context,
                 const http::Request& request,
                 const std::string& client_id) {
    auto caller = context.access.read(request);
    const auto object = read_json_object(request, context.limits);
    if (!object) return tl::unexpected(object.error());
    const auto marked = sender_member(*object).and_then([&](Side reader) {
        return context.access.permit(caller, {Operation::mark_read, client_id, reader})
            .and_then([&] { return context.access.allow_mark(caller); })
            .and_then([&] { return context.chat.mark_read(client_id, reader); });
    });
    if (!marked) return tl::unexpected(to_problem(marked.error()));
    return http::Response{.body = R"({"message":"Messages marked as read"})"};
}

}  // namespace livechat::api
