#include "db/metrics.hpp"

#include <string>

namespace livechat::db {

void add_metrics(PrometheusText& text, const Figures& figures, std::string_view program) {
    const std::string prefix = std::string(program) + "_database_";
    text.histogram(prefix + "statement_duration_seconds", "Time of database statements",
                   LatencyHistogram::kBounds, figures.statements.counts(),
                   figures.statements.sum_seconds());
    text.counter(prefix + "connects_total", "Connections made to the database",
                 static_cast<double>(figures.connects));
    text.counter(prefix + "unknown_words_total",
                 "Rows that reached no one because of a word that a newer version wrote",
                 static_cast<double>(figures.unknown_words));
    const std::string errors = prefix + "errors_total";
    text.head(errors, "counter", "Database errors, by kind; lost: there was no connection");
    for (std::size_t kind = 0; kind < kErrorKinds; ++kind) {
        text.line(errors, "kind", to_string(static_cast<ErrorKind>(kind)),
                  static_cast<double>(figures.errors[kind]));
    }
}

}  // namespace livechat::db
