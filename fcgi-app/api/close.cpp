#include "api/handlers.hpp"
#include "api/problems.hpp"

namespace livechat::api {

Answer close_session(const Context& context, const std::string& client_id) {
    const auto closed = context.chat.close(client_id);
    if (!closed) return tl::unexpected(to_problem(closed.error()));
    return http::Response{.body = R"({"message":"Session closed successfully"})"};
}

}  // namespace livechat::api
