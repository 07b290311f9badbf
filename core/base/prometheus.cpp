#include "base/prometheus.hpp"

#include <array>
#include <charconv>

namespace livechat {
namespace {

std::string number(double value) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), value).ptr;
    return {digits.begin(), end};
}

}  // namespace

void PrometheusText::head(std::string_view name, std::string_view type, std::string_view help) {
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void PrometheusText::begin_line(std::string_view name, Labels labels, Labels more) {
    text_.append(name);
    char separator = '{';
    for (const Labels& some : {labels, more}) {
        for (const Label& label : some) {
            text_ += separator;
            text_.append(label.name).append("=\"");
            for (const char c : label.value) {
                if (c == '\\' || c == '"') text_ += '\\';
                text_ += c == '\n' ? ' ' : c;
            }
            text_ += '"';
            separator = ',';
        }
    }
    if (separator == ',') text_ += '}';
}

void PrometheusText::end_line(double value) {
    text_.append(" ").append(number(value)).append("\n");
}

void PrometheusText::plain_line(std::string_view name, double value) {
    begin_line(name, {});
    end_line(value);
}

void PrometheusText::line(std::string_view name,
                          std::string_view label,
                          std::string_view label_value,
                          double value) {
    line(name, {{label, label_value}}, value);
}

void PrometheusText::line(std::string_view name, Labels labels, double value) {
    begin_line(name, labels);
    end_line(value);
}

void PrometheusText::counter(std::string_view name, std::string_view help, double value) {
    head(name, "counter", help);
    plain_line(name, value);
}

void PrometheusText::gauge(std::string_view name, std::string_view help, double value) {
    head(name, "gauge", help);
    plain_line(name, value);
}

void PrometheusText::histogram(std::string_view name,
                               std::string_view help,
                               std::span<const double> bounds,
                               std::span<const std::uint64_t> counts,
                               double sum) {
    head(name, "histogram", help);
    histogram_lines(name, {}, bounds, counts, sum);
}

void PrometheusText::histogram_lines(std::string_view name,
                                     Labels labels,
                                     std::span<const double> bounds,
                                     std::span<const std::uint64_t> counts,
                                     double sum) {
    const std::string base(name);
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        total += counts[i];
        begin_line(base + "_bucket", labels,
                   {{"le", i < bounds.size() ? number(bounds[i]) : "+Inf"}});
        end_line(static_cast<double>(total));
    }
    begin_line(base + "_sum", labels);
    end_line(sum);
    begin_line(base + "_count", labels);
    end_line(static_cast<double>(total));
}

}  // namespace livechat
