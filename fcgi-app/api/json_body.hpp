// What comes in as JSON: the object of a body, and its members as the rules want them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "base/config.hpp"
#include "base/json.hpp"
#include "domain/failure.hpp"
#include "domain/signature.hpp"
#include "domain/types.hpp"
#include "http/problem.hpp"
#include "http/request.hpp"

namespace livechat::api {

// Problems: 415 for a Content-Type that is not JSON (none at all is taken as JSON), 413, 400
// body_incomplete, and 400 invalid_payload for what is no JSON object.
tl::expected<Json, http::Problem> read_json_object(const http::Request& request,
                                                   const Limits& limits);

// "application/json", with parameters or without, and "application/…+json", in any case.
bool says_json(std::string_view content_type);

// A member that is a string: `missing` when it is not there or null, `invalid` when it is of
// another kind.
Result<std::string> required_text(const Json& object,
                                  std::string_view name,
                                  ErrorCode missing,
                                  ErrorCode invalid);

// nullopt when it is not there or null.
Result<std::optional<std::string>> optional_text(const Json& object,
                                                 std::string_view name,
                                                 ErrorCode invalid);

// `signature` and `expires`; nullopt when there is no signature. signature_invalid.
Result<std::optional<Signature>> signature_members(const Json& object);

Result<std::string> client_id_member(const Json& object);
Result<Side> sender_member(const Json& object);

}  // namespace livechat::api
