// The daemon's figures for Prometheus (docs/monitoring.md).
#pragma once

#include <string>

#include "db_threads/database.hpp"
#include "feed/feed.hpp"
#include "hub/hub.hpp"
#include "transport/settings.hpp"

namespace livechat {

struct MetricSources {
    const transport::Counters& transport;
    const hub::Hub& hub;
    const feed::FeedFigures& feed;
    const db_threads::Database& database;
};

// Event loop thread only.
std::string render_metrics(const MetricSources& sources);

}  // namespace livechat
