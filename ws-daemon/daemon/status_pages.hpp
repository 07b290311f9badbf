// What the daemon tells those who watch it: /metrics, /healthz and /readyz (docs/operations.md).
#pragma once

#include <optional>
#include <string>

#include "chat/database_watch.hpp"
#include "daemon/metrics.hpp"
#include "transport/http_connection.hpp"

namespace livechat {

// How far the daemon has come.
enum class Stage {
    starting,
    serving,
    stopping,
};

// nullopt: ready; else in one sentence why not. Pure.
std::optional<std::string> why_not_ready(Stage stage,
                                         const feed::FeedFigures& feed,
                                         const DatabaseWatch::Seen& database);

// The page of that path; nullopt: there is none. Event loop thread.
std::optional<transport::HttpReply> status_page(std::string_view path,
                                                Stage stage,
                                                const MetricSources& sources,
                                                const DatabaseWatch& database);

}  // namespace livechat
