// What every program tells Prometheus of itself: its version and, for a single process, what it
// takes from the system (the names are those of Prometheus' own client libraries).
#pragma once

#include <string_view>

#include "base/prometheus.hpp"

namespace livechat {

// program: what the name begins with, "livechat_wsd".
void add_build_info(PrometheusText& text, std::string_view program);

// Log lines that were dropped, of this process and all that share the log's level with it.
void add_log_figures(PrometheusText& text, std::string_view program);

// Memory, processor time, open files and their limit, start time of this process. What the system
// does not tell is left out.
void add_process_figures(PrometheusText& text);

}  // namespace livechat
