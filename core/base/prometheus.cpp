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

void PrometheusText::plain_line(std::string_view name, double value) {
    text_.append(name).append(" ").append(number(value)).append("\n");
}

void PrometheusText::line(std::string_view name,
                          std::string_view label,
                          std::string_view label_value,
                          double value) {
    text_.append(name).append("{").append(label).append("=\"");
    for (const char c : label_value) {
        if (c == '\\' || c == '"') text_ += '\\';
        text_ += c == '\n' ? ' ' : c;
    }
    text_.append("\"} ").append(number(value)).append("\n");
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
    const std::string bucket = std::string(name) + "_bucket";
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        total += counts[i];
        line(bucket, "le", i < bounds.size() ? number(bounds[i]) : "+Inf",
             static_cast<double>(total));
    }
    plain_line(std::string(name) + "_sum", sum);
    plain_line(std::string(name) + "_count", static_cast<double>(total));
}

}  // namespace livechat
