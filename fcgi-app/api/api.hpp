// The REST API (contract, "REST") as one function from request to response.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "api/access.hpp"
#include "api/handlers.hpp"
#include "base/config.hpp"
#include "base/rate_table.hpp"
#include "chat/chat_service.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "http/router.hpp"

namespace livechat::api {

// What is answered at this moment: all, or only what reads, because the other workers wait for
// locks and this one is kept for those who read.
enum class Admission : std::uint8_t { all, readers };

class Api {
  public:
    // shared: of all workers. committed: called after each commit that sockets are to hear of. All
    // outlive the Api.
    Api(db::Connection& connection,
        const Config& config,
        SharedLimits& shared,
        const std::function<void()>& committed);
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;

    // Never throws: what fails becomes a problem. Logs each request: 500 as an error, 503 as info,
    // slow ones as warnings, the others at level debug.
    http::Response answer(const http::Request& request, Admission admission = Admission::all) const;

    // The pattern that the path matches, for metrics; "-" for none.
    std::string_view route_of(const http::Request& request) const {
        return router_.pattern_of(request.path);
    }

  private:
    void add_routes();
    http::Answer try_answer(const http::Request& request, Admission admission) const;

    const Config& config_;
    ChatService chat_;
    // Their state is what they have read of tokens and bans.
    Access access_;
    AgentService agents_;
    BanService bans_;
    Context context_;
    http::Router router_;
};

}  // namespace livechat::api
