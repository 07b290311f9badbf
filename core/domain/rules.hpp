// What is allowed in, as the contract's "Limits" says. Pure functions; the failures they give name
// the limit that was hurt.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/config.hpp"
#include "domain/failure.hpp"
#include "domain/types.hpp"

namespace livechat::rules {

// A name that a person chose: 1 to `most` code points of well-formed UTF-8, none of them a control
// character; `code` and `what` are for the failure.
Result<void> check_name(std::string_view name,
                        std::size_t most,
                        ErrorCode code,
                        const std::string& what);

// Of well-formed UTF-8: without white space and characters that show as nothing, at both ends.
std::string_view trimmed(std::string_view name);

// A name that is shown to people: check_name(), and something of it is to be seen.
Result<void> check_shown_name(std::string_view name,
                              std::size_t most,
                              ErrorCode code,
                              const std::string& what);

// 1 to limits.client_id_chars code points of well-formed UTF-8 without control characters.
Result<void> check_client_id(std::string_view client_id, const Limits& limits);

// 1 to limits.message_bytes bytes of well-formed UTF-8, not only white space.
Result<void> check_text(std::string_view text, const Limits& limits);

// 1 to limits.message_id_chars code points of well-formed UTF-8 without control characters.
Result<void> check_message_id(std::string_view message_id, const Limits& limits);

// The longest text is limits.message_bytes; of a visitor also limits.visitor_message_bytes.
Result<void> check(const NewMessage& message, const Limits& limits);

// "client" or "admin".
Result<Side> parse_side(std::string_view word);

// A decimal integer from `least` to `most`, nothing around it; `code` and `name` are for the
// failure.
Result<std::uint64_t> parse_integer(std::string_view digits,
                                    std::uint64_t least,
                                    std::uint64_t most,
                                    ErrorCode code,
                                    std::string_view name);

}  // namespace livechat::rules
