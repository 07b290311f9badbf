// Which HTTP status each failure has, in this one place. docs/openapi.yaml lists the codes.
#pragma once

#include "db/error.hpp"
#include "domain/failure.hpp"
#include "http/problem.hpp"
#include "http/request.hpp"

namespace livechat::api {

http::Problem to_problem(const Failure& failure);

// `lost`: 503, the database is unavailable; a row that stays locked: 503, try again; anything else
// is a fault of ours: 500, which shows nothing of it.
http::Problem to_problem(const db::Error& error);

http::Problem to_problem(http::BodyError error, std::size_t limit);

http::Problem unexpected_problem();

}  // namespace livechat::api
