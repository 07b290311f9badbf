// The figures of a program's connections for Prometheus.
#pragma once

#include <string_view>

#include "base/prometheus.hpp"
#include "db/figures.hpp"

namespace livechat::db {

// program: what their names begin with, "livechat_wsd".
void add_metrics(PrometheusText& text, const Figures& figures, std::string_view program);

}  // namespace livechat::db
