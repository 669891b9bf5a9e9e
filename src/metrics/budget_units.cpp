#include "budget_units.h"

#include "pipeline/base/text.h"

#include "decimal.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace pipeline::metrics {
namespace {

enum class Dimension { seconds, share, rate, bytes, number };

struct Unit {
  std::string_view name;
  Dimension dimension;
  double factor;
};

constexpr std::array kUnits{Unit{"µs", Dimension::seconds, 1e-6},    Unit{"us", Dimension::seconds, 1e-6},
                            Unit{"ms", Dimension::seconds, 1e-3},    Unit{"s", Dimension::seconds, 1},
                            Unit{"min", Dimension::seconds, 60},     Unit{"h", Dimension::seconds, 3600},
                            Unit{"%", Dimension::share, 0.01},       Unit{"/s", Dimension::rate, 1},
                            Unit{"/min", Dimension::rate, 1.0 / 60}, Unit{"/h", Dimension::rate, 1.0 / 3600},
                            Unit{"kB", Dimension::bytes, 1e3},       Unit{"MB", Dimension::bytes, 1e6},
                            Unit{"GB", Dimension::bytes, 1e9}};

Dimension dimension_of(const Measure& measure) noexcept {
  switch (measure.statistic) {
    case Statistic::count:
      return Dimension::number;
    case Statistic::ratio:
      return Dimension::share;
    case Statistic::rate:
      return Dimension::rate;
    default:
      if (measure.of.metric.ends_with("_seconds")) return Dimension::seconds;
      if (measure.of.metric.ends_with("_bytes")) return Dimension::bytes;
      return measure.of.metric.ends_with("_ratio") ? Dimension::share : Dimension::number;
  }
}

std::string format_bytes(double value) {
  return value < 1e6 ? fmt::format("{:.1f} kB", value / 1e3) : fmt::format("{:.1f} MB", value / 1e6);
}

std::string format_quantity(Dimension dimension, double value) {
  if (!std::isfinite(value)) return fmt::format("{}", value);
  switch (dimension) {
    case Dimension::seconds:
      return value == 0 ? "0 s" : format_duration(value);
    case Dimension::share:
      return fmt::format("{:.3g} %", value * 100);
    case Dimension::rate:
      return format_number(value) + " /s";
    case Dimension::bytes:
      return format_bytes(value);
    case Dimension::number:
      break;
  }
  return format_number(value);
}

std::string format_exactly(Dimension dimension, double value) {
  switch (dimension) {
    case Dimension::seconds:
      return fmt::format("{:.9g} s", value);
    case Dimension::share:
      return fmt::format("{:.9g} %", value * 100);
    case Dimension::rate:
      return fmt::format("{:.9g} /s", value);
    case Dimension::bytes:
      return fmt::format("{:.0f} B", value);
    case Dimension::number:
      break;
  }
  return fmt::format("{:.15g}", value);
}

// A ratio may be a share (refusals to requests) or an average (pictures to posts); its limit tells which.
Dimension dimension_of(const Measure& measure, const Limit& limit) noexcept {
  const bool average = measure.statistic == Statistic::ratio && limit.value > 1;
  return average ? Dimension::number : dimension_of(measure);
}

}  // namespace

std::optional<double> parse_quantity(std::string_view text, const Measure& measure) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);
  if (text.empty()) return number;
  for (const Unit& unit : kUnits)
    if (unit.name == text && unit.dimension == dimension_of(measure)) return number * unit.factor;
  return std::nullopt;
}

std::string known_units(const Measure& measure) {
  std::string names;
  for (const Unit& unit : kUnits)
    if (unit.dimension == dimension_of(measure)) names.append(names.empty() ? "" : ", ").append(unit.name);
  return names;
}

std::string format_measured(const Measure& measure, const Limit& limit, double value) {
  const Dimension dimension = dimension_of(measure, limit);
  auto text = format_quantity(dimension, value);
  // 500.2 ms against 500 ms: rounded they would look alike.
  if (value != limit.value && std::isfinite(value) && text == format_quantity(dimension, limit.value))
    text = format_exactly(dimension, value);
  return text;
}

std::string format_limit(const Measure& measure, const Limit& limit) {
  return fmt::format("{} {}", limit.side == Limit::Side::at_most ? "≤" : "≥",
                     format_quantity(dimension_of(measure, limit), limit.value));
}

std::string describe(const Measure& measure) {
  const auto name = [](const Selector& selector) {
    std::string text = selector.metric;
    for (const auto& [label, value] : selector.labels)
      text += fmt::format("{}{}={}", text.size() == selector.metric.size() ? '{' : ';', label, value);
    return selector.labels.empty() ? text : text + '}';
  };
  switch (measure.statistic) {
    case Statistic::ratio:
      return fmt::format("{} / {}", name(measure.of), name(*measure.to));
    case Statistic::rate:
      return name(measure.of) + (measure.to ? " a second of " + name(*measure.to) : " a second");
    case Statistic::sum:
      return name(measure.of);
    default:
      return fmt::format("{} {}", name(measure.of), to_string(measure.statistic));
  }
}

std::string_view to_string(Statistic statistic) noexcept {
  constexpr std::array<std::string_view, 9> kNames{"p50", "p95", "p99", "max", "min", "sum", "count", "ratio", "rate"};
  return kNames[static_cast<std::size_t>(statistic)];
}

std::string_view to_string(Verdict::Outcome outcome) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"kept", "over", "not_applicable", "missing"};
  return kNames[static_cast<std::size_t>(outcome)];
}

}  // namespace pipeline::metrics
