#include "db/visitor_repository.hpp"

#include <vector>

namespace livechat::db {

void VisitorRepository::save(SessionId session_id, const Visitor& visitor) {
    std::vector<Value> values{session_id};
    for (int time = 0; time < 2; ++time) {
        for (const auto& text : visitor.fields) values.push_back(value_or_null(text));
    }
    connection_.execute(
        "INSERT INTO visitor"
        " (session_id, page, referrer, user_agent, language, timezone, name, email)"
        " VALUES (?, COALESCE(?, ''), COALESCE(?, ''), COALESCE(?, ''), COALESCE(?, ''),"
        " COALESCE(?, ''), COALESCE(?, ''), COALESCE(?, ''))"
        " ON DUPLICATE KEY UPDATE page = COALESCE(?, page), referrer = COALESCE(?, referrer),"
        " user_agent = COALESCE(?, user_agent), language = COALESCE(?, language),"
        " timezone = COALESCE(?, timezone), name = COALESCE(?, name), email = COALESCE(?, email)",
        values);
}

}  // namespace livechat::db
