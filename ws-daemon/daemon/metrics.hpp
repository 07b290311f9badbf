// The daemon's figures for Prometheus (docs/monitoring.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "db_threads/database.hpp"
#include "feed/feed.hpp"
#include "gateway/presence.hpp"
#include "hub/hub.hpp"
#include "transport/settings.hpp"

namespace livechat {

struct MetricSources {
    const transport::Counters& transport;
    std::size_t incoming;  // bytes
    const hub::Hub& hub;
    const gateway::Presence& presence;
    const feed::FeedFigures& feed;
    const db_threads::Database& database;
    std::uint64_t reloads = 0;
    std::chrono::microseconds loop_lag{0};  // of the event loop, when it was last looked at
};

// Event loop thread only.
std::string render_metrics(const MetricSources& sources);

}  // namespace livechat
