#include "daemon/metrics.hpp"

#include <array>

#include "base/process_figures.hpp"
#include "base/prometheus.hpp"
#include "db/figures.hpp"
#include "db/metrics.hpp"

namespace livechat {
namespace {

template <class Number>
double as_double(const Number& number) {
    return static_cast<double>(number);
}

void add_transport(PrometheusText& text, const transport::Counters& counters) {
    text.gauge("livechat_wsd_connections", "Open TCP and unix socket connections",
               as_double(counters.connections_open));
    text.counter("livechat_wsd_connections_total", "Connections accepted",
                 as_double(counters.connections));
    text.counter("livechat_wsd_http_requests_total", "HTTP requests",
                 as_double(counters.http_requests));
    text.counter("livechat_wsd_requests_refused_total", "HTTP requests answered with an error",
                 as_double(counters.requests_refused));
    text.gauge("livechat_wsd_sessions", "Open Engine.IO sessions",
               as_double(counters.sessions_open));
    text.counter("livechat_wsd_sessions_total", "Engine.IO sessions opened",
                 as_double(counters.sessions));
    text.counter("livechat_wsd_upgrades_total", "Sessions upgraded from polling to WebSocket",
                 as_double(counters.upgrades));
    text.gauge("livechat_wsd_plain_websockets", "Open plain WebSocket clients",
               as_double(counters.plain_open));
    text.counter("livechat_wsd_sockets_total", "Sockets that the chat was told of",
                 as_double(counters.sockets));
    text.counter("livechat_wsd_messages_in_total", "Messages from clients",
                 as_double(counters.messages_in));
    text.counter("livechat_wsd_messages_out_total",
                 "Messages to clients, without those to all of a room",
                 as_double(counters.messages_out));
    text.counter("livechat_wsd_deliveries_total", "Events delivered to sockets of a room",
                 as_double(counters.deliveries));
    text.counter("livechat_wsd_internal_errors_total", "Exceptions that ended a connection",
                 as_double(counters.internal_errors));
    text.head("livechat_wsd_closes_total", "counter", "Sessions ended, by reason");
    for (const auto& [reason, count] : counters.closes) {
        text.line("livechat_wsd_closes_total", "reason", reason, as_double(count));
    }
}

void add_feed(PrometheusText& text, const feed::FeedFigures& feed) {
    text.counter("livechat_feed_looks_total", "Queries for notifications",
                 as_double(feed.looks.load()));
    text.counter("livechat_feed_notifications_total", "Notifications read",
                 as_double(feed.notifications.load()));
    text.gauge("livechat_feed_newest", "Id of the newest notification",
               as_double(feed.newest.load()));
    text.gauge("livechat_feed_lag_seconds", "Age of the newest notification when it was read",
               as_double(feed.lag_us.load()) / 1e6);
    text.gauge("livechat_feed_holes", "Ids that are waited for", as_double(feed.holes.load()));
    text.counter("livechat_feed_holes_given_up_total", "Ids found to be unused",
                 as_double(feed.holes_given_up.load()));
    text.counter("livechat_feed_reconnects_total", "Times the database was lost",
                 as_double(feed.reconnects.load()));
    text.counter("livechat_feed_restores_total",
                 "Times that an older state of the database was put back while the feed ran",
                 as_double(feed.restores.load()));
    text.counter("livechat_feed_lapses_total",
                 "Times notifications were removed before they were read",
                 as_double(feed.lapses.load()));
    text.gauge("livechat_feed_caught_up", "1 if the last look found all there was",
               feed.caught_up ? 1 : 0);
}

void add_presence(PrometheusText& text, const gateway::Presence& presence) {
    text.gauge("livechat_wsd_agents", "Sockets of agents who are there",
               as_double(presence.agents()));
    text.gauge("livechat_wsd_agents_present",
               "1 if visitors are told that an agent is there, at whichever daemon",
               presence.any_agent(std::chrono::steady_clock::now()) ? 1 : 0);
    text.gauge("livechat_wsd_visitors_online",
               "Conversations whose visitor is there, or was seconds ago",
               as_double(presence.visitors()));
}

void add_database(PrometheusText& text, const db_threads::Database& database) {
    const auto& writer = database.writer();
    const auto& figures = writer.figures();
    text.gauge("livechat_writer_waiting", "Messages that wait to be written",
               as_double(writer.waiting()));
    std::array<std::uint64_t, db_threads::WriterFigures::kBounds.size() + 1> counts{};
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = figures.batches[i];
    text.histogram("livechat_writer_batch_messages", "Messages in one commit",
                   db_threads::WriterFigures::kBounds, counts, as_double(figures.messages.load()));
    text.counter("livechat_writer_failures_total", "Batches that the database refused or lost",
                 as_double(figures.failures.load()));
    text.counter("livechat_writer_held_total",
                 "Times a message waited for a session that another transaction held",
                 as_double(figures.held.load()));
    text.gauge("livechat_reader_waiting", "Reads that wait for a database connection",
               as_double(database.readers().waiting()));
}

}  // namespace

std::string render_metrics(const MetricSources& sources) {
    PrometheusText text;
    add_transport(text, sources.transport);
    text.gauge("livechat_wsd_incoming_bytes",
               "Bytes of messages and requests of which the rest has not come",
               as_double(sources.incoming));
    text.gauge("livechat_hub_rooms", "Rooms with a socket in them", as_double(sources.hub.rooms()));
    add_presence(text, sources.presence);
    add_feed(text, sources.feed);
    add_database(text, sources.database);
    db::add_metrics(text, db::figures(), "livechat_wsd");
    text.gauge("livechat_wsd_loop_lag_seconds",
               "How late the event loop was when it was last looked at",
               as_double(sources.loop_lag.count()) / 1e6);
    text.counter("livechat_wsd_reloads_total", "Times the configuration was read again",
                 as_double(sources.reloads));
    add_log_figures(text, "livechat_wsd");
    add_build_info(text, "livechat_wsd");
    add_process_figures(text);
    return text.text();
}

}  // namespace livechat
