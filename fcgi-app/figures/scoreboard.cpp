#include "figures/scoreboard.hpp"

#include "base/process_figures.hpp"
#include "base/prometheus.hpp"
#include "db/metrics.hpp"

namespace livechat::figures {
namespace {

template <class Number>
double as_double(const Number& number) {
    return static_cast<double>(number);
}

void add_requests(PrometheusText& text, const RequestFigures& requests) {
    constexpr std::string_view kCount = "livechat_fcgi_requests_total";
    text.head(kCount, "counter", "Requests answered, by route and status");
    requests.for_each([&](auto method, auto route, const RequestFigures::Route& figures) {
        for (std::size_t i = 0; i < kStatuses.size(); ++i) {
            const auto count = figures.by_status[i].load();
            if (count == 0) continue;
            const auto status = kStatuses[i] == 0 ? "other" : std::to_string(kStatuses[i]);
            text.line(kCount, {{"method", method}, {"route", route}, {"status", status}},
                      as_double(count));
        }
    });

    constexpr std::string_view kTime = "livechat_fcgi_request_duration_seconds";
    text.head(kTime, "histogram", "Time from the whole request to the whole answer, by route");
    requests.for_each([&](auto method, auto route, const RequestFigures::Route& figures) {
        const auto counts = figures.time.counts();
        text.histogram_lines(kTime, {{"method", method}, {"route", route}},
                             LatencyHistogram::kBounds, counts, figures.time.sum_seconds());
    });
}

void add_workers(PrometheusText& text, const WorkerFigures& workers) {
    const auto count = workers.count();
    constexpr std::string_view kWorkers = "livechat_fcgi_workers";
    text.head(kWorkers, "gauge", "Worker processes, by what they do");
    text.line(kWorkers, "state", "idle", as_double(count.idle));
    text.line(kWorkers, "state", "busy", as_double(count.busy));
    text.counter("livechat_fcgi_workers_started_total", "Worker processes started",
                 as_double(workers.started));
    constexpr std::string_view kEnded = "livechat_fcgi_workers_ended_total";
    text.head(kEnded, "counter",
              "Worker processes that ended: as asked (left), by themselves (died), or killed");
    text.line(kEnded, "how", "left", as_double(workers.left));
    text.line(kEnded, "how", "died", as_double(workers.died));
    text.line(kEnded, "how", "killed", as_double(workers.killed));
    text.counter("livechat_fcgi_reloads_total", "Times the configuration was read again",
                 as_double(workers.reloads));
}

}  // namespace

std::string render(const Scoreboard& scoreboard) {
    PrometheusText text;
    add_requests(text, scoreboard.requests);
    add_workers(text, scoreboard.workers);
    db::add_metrics(text, scoreboard.database, "livechat_fcgi");
    add_log_figures(text, "livechat_fcgi");
    add_build_info(text, "livechat_fcgi");
    return text.text();
}

}  // namespace livechat::figures
