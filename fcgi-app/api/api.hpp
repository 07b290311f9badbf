// The REST API (contract, "REST") as one function from request to response.
#pragma once

#include "api/handlers.hpp"
#include "base/config.hpp"
#include "chat/chat_service.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "http/router.hpp"

namespace livechat::api {

class Api {
  public:
    // Both outlive the Api.
    Api(ChatService& chat, const Limits& limits);
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;

    // Never throws: what fails becomes a problem. Logs each request: 500 as an error, 503 as info,
    // the others at level debug.
    http::Response answer(const http::Request& request) const;

  private:
    http::Answer try_answer(const http::Request& request) const;

    Context context_;
    http::Router router_;
};

}  // namespace livechat::api
