// Figures in the text form that Prometheus reads (exposition format 0.0.4).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace livechat {

class PrometheusText {
  public:
    static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

    // name: by Prometheus' conventions, with its unit ("…_seconds") and, for a counter, "_total".
    void counter(std::string_view name, std::string_view help, double value);
    void gauge(std::string_view name, std::string_view help, double value);

    // One figure with a label: the head once, then a line for each value of the label.
    void head(std::string_view name, std::string_view type, std::string_view help);
    void line(std::string_view name,
              std::string_view label,
              std::string_view label_value,
              double value);

    struct Label {
        std::string_view name;
        std::string_view value;
    };
    using Labels = std::initializer_list<Label>;
    void line(std::string_view name, Labels labels, double value);

    // counts[i]: observations up to and including bounds[i] but beyond the bound before; one more
    // count than bounds, for those beyond the last. sum: of all observations.
    void histogram(std::string_view name,
                   std::string_view help,
                   std::span<const double> bounds,
                   std::span<const std::uint64_t> counts,
                   double sum);

    // The same without the head, for one of several with labels.
    void histogram_lines(std::string_view name,
                         Labels labels,
                         std::span<const double> bounds,
                         std::span<const std::uint64_t> counts,
                         double sum);

    const std::string& text() const { return text_; }

  private:
    void plain_line(std::string_view name, double value);
    void begin_line(std::string_view name, Labels labels, Labels more = {});
    void end_line(double value);

    std::string text_;
};

}  // namespace livechat
