#include "page_limits.h"

#include <fmt/format.h>

#include <cmath>

namespace pipeline::report::page {
namespace {

using metrics::Statistic;

std::string selector(const metrics::Selector& of) {
  return of.labels.empty() ? of.metric : fmt::format("{}{{{}}}", of.metric, metrics::to_text(of.labels));
}

bool is_drawn(Statistic statistic, const TimeSeries& stage) {
  switch (statistic) {
    case Statistic::p50:
    case Statistic::p95:
    case Statistic::p99:
    case Statistic::max:
      return true;
    case Statistic::sum:
    case Statistic::min:
      return stage.single;
    default:
      return false;
  }
}

bool is_time(const metrics::Measure& measure) {
  const bool counted = measure.statistic == Statistic::count || measure.statistic == Statistic::ratio ||
                       measure.statistic == Statistic::rate;
  return !counted && measure.of.metric.ends_with("_seconds");
}

}  // namespace

std::vector<metrics::Rule> limits_of(const metrics::Budget* budget, std::string_view command, const TimeSeries& stage) {
  std::vector<metrics::Rule> rules;
  if (budget == nullptr) return rules;
  for (const metrics::Rule& rule : budget->rules)
    if (rule.command == command && rule.measure.of.metric == stage.metric && is_drawn(rule.measure.statistic, stage) &&
        rule.limit.value > 0 && metrics::has_labels(stage.labels, rule.measure.of.labels))
      rules.push_back(rule);
  return rules;
}

std::string formula(const metrics::Measure& measure) {
  return fmt::format("{}({}{})", metrics::to_string(measure.statistic), selector(measure.of),
                     measure.to ? " / " + selector(*measure.to) : "");
}

Both measured_words(const metrics::Measure& measure, const metrics::Limit& limit, double value) {
  if (!is_time(measure) || !std::isfinite(value)) return same(metrics::format_measured(measure, limit, value));
  const Both words = duration(value);
  // 500.2 ms against 500 ms: rounded they would look alike.
  const bool alike = value != limit.value && words.en == duration(limit.value).en;
  return alike ? same(fmt::format("{:.9g} s", value)) : words;
}

Both limit_words(const metrics::Measure& measure, const metrics::Limit& limit) {
  if (!is_time(measure)) return same(metrics::format_limit(measure, limit));
  const Both side = same(limit.side == metrics::Limit::Side::at_most ? "≤" : "≥");
  return joined(side, " ", round_duration(limit.value));
}

}  // namespace pipeline::report::page
