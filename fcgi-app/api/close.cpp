#include "api/handlers.hpp"
#include "api/problems.hpp"

namespace livechat::api {

Answer close_session(const Context& context,
                     const http::Request& request,
                     const std::string& client_id) {
    auto caller = context.access.read(request);
    const auto closed = context.access.permit(caller, {Operation::close, client_id})
                            .and_then([&] { return context.access.allow_mark(caller); })
                            .and_then([&] { return context.chat.close(client_id); });
    if (!closed) return tl::unexpected(to_problem(closed.error()));
    return http::Response{.body = R"({"message":"Session closed successfully"})"};
}

}  // namespace livechat::api
