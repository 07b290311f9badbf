// Reading conversations, for the commands that show or write them out.
#pragma once

#include <string>
#include <vector>

#include "commands/program.hpp"
#include "domain/types.hpp"

namespace livechat::admin {

// With its last message and what is known of the visitor. Stop if there is no such session.
Session find_session(Program& program, const std::string& client_id);

// At most `limit` with a larger seq, in order.
std::vector<Message> read_messages(Program& program,
                                   const std::string& client_id,
                                   Seq after,
                                   std::uint64_t limit);

// "2025-03-10T12:00:00.000Z  #3  visitor: Hello", with its line end; safe for a terminal.
std::string line_of(const Message& message);

Stop no_such_session(const std::string& client_id);

}  // namespace livechat::admin
