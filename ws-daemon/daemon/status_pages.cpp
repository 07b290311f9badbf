#include "daemon/status_pages.hpp"

#include "base/prometheus.hpp"

namespace livechat {
namespace {

// A check that is older than this hangs.
constexpr std::chrono::seconds kOldestCheck{20};
constexpr std::chrono::seconds kFeedLag{5};
// One alone may be a connection that had to be made again.
constexpr std::uint64_t kFailures = 2;

transport::HttpReply verdict(const std::optional<std::string>& why_not) {
    transport::HttpReply reply;
    reply.status = why_not ? 503 : 200;
    reply.content_type = "text/plain; charset=utf-8";
    reply.body = why_not.value_or("ok") + "\n";
    return reply;
}

}  // namespace

std::optional<std::string> why_not_ready(Stage stage,
                                         const feed::FeedFigures& feed,
                                         const DatabaseWatch::Seen& database) {
    if (stage == Stage::starting) return "the daemon is starting";
    if (stage == Stage::stopping) return "the daemon is stopping";
    if (database.age > kOldestCheck) return "the database does not answer";
    if (database.check.state != DatabaseState::good) return database.check.reason;
    if (feed.failures >= kFailures) {
        return "the feed cannot read the database: nothing is delivered (the log tells why: "
               "feed_lost)";
    }
    // A full batch alone is no reason: the next look takes the rest.
    if (!feed.caught_up && std::chrono::microseconds(feed.lag_us) > kFeedLag) {
        return "the feed is behind: it reads notifications that are seconds old";
    }
    return std::nullopt;
}

std::optional<transport::HttpReply> status_page(std::string_view path,
                                                Stage stage,
                                                const MetricSources& sources,
                                                const DatabaseWatch& database) {
    if (path == "/healthz") return verdict(std::nullopt);
    if (path == "/readyz") {
        return verdict(why_not_ready(stage, sources.feed, database.seen()));
    }
    if (path != "/metrics") return std::nullopt;
    transport::HttpReply reply;
    reply.content_type = PrometheusText::kContentType;
    reply.body = render_metrics(sources);
    return reply;
}

}  // namespace livechat
