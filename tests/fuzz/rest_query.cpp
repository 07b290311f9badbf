// A query string, as the two resources read it that take one.
#include "api/handlers.hpp"
#include "base/utf8.hpp"
#include "http/url.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace livechat;
    const auto raw = as_text(data, size);
    const auto parameters = http::Query::parse(raw);
    const Limits limits;
    const auto history = api::read_history_query(raw, limits);
    const auto sessions = api::read_session_query(raw, limits);
    if (!parameters) {
        require(!history && !sessions);
        return 0;
    }
    for (const auto* name : {"limit", "page", "after", "before", "cursor", "status", ""}) {
        if (const auto value = parameters->get(name)) {
            require(value->size() <= raw.size());
            require(count_code_points(*value).has_value());
        }
    }
    if (history) require(history->limit <= limits.history_limit && history->page >= 1);
    if (sessions) require(sessions->limit <= limits.sessions_limit);
    return 0;
}
