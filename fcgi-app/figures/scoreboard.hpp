// Everything that the processes of livechat-fcgi count together, and its form for Prometheus.
#pragma once

#include <string>

#include "db/figures.hpp"
#include "figures/request_figures.hpp"
#include "figures/worker_figures.hpp"

namespace livechat::figures {

struct Scoreboard {
    RequestFigures requests;
    WorkerFigures workers;
    db::Figures database;
};

// docs/monitoring/README.md lists the figures.
std::string render(const Scoreboard& scoreboard);

}  // namespace livechat::figures
