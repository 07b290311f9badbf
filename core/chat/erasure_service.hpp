// Taking out what a person wrote (GDPR, article 17): each message of a conversation keeps its place
// and loses its text. Throws db::Error as ChatService does.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "db/connection.hpp"
#include "domain/failure.hpp"

namespace livechat {

struct Erased {
    std::uint64_t messages = 0;
    std::string client_id;  // as it is called from now on
};

class ErasureService {
  public:
    // committed: called after what sockets are to hear of; may be empty.
    explicit ErasureService(db::Connection& connection, std::function<void()> committed = {})
        : connection_(connection), committed_(std::move(committed)) {}

    // session_not_found, or nothing is left of what was written until now: texts, messageIds and
    // what was known of the visitor. anonymous: the clientId goes as well, and with it the
    // visitor's way to the conversation, which is closed. Of the clientId a hash is kept, so that
    // an import (ImportService) does not bring back what is older. Repeating it is harmless; one
    // that broke off is finished so.
    //
    // Works through the messages in small transactions. done: told how many so far.
    Result<Erased> erase(std::string_view client_id,
                         bool anonymous,
                         const std::function<void(std::uint64_t done)>& done = {});

  private:
    db::Connection& connection_;
    std::function<void()> committed_;
};

}  // namespace livechat
