#include "pipeline/metrics/budget.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace pipeline::metrics {
namespace {

using Outcome = Verdict::Outcome;
using Series = std::vector<const Row*>;

// What a measure came to: a value, or why there is none.
struct Reading {
  Outcome outcome = Outcome::kept;
  double value = 0;
  std::string reason;
};

Reading read_as(double value) {
  return {Outcome::kept, value, {}};
}

Reading missing(std::string reason) {
  return {Outcome::missing, 0, std::move(reason)};
}

Reading nothing(std::string reason) {
  return {Outcome::not_applicable, 0, std::move(reason)};
}

std::string name_of(const Selector& selector) {
  return describe({.of = selector, .statistic = Statistic::sum, .to = {}});
}

bool needs_timer(Statistic statistic) noexcept {
  return statistic != Statistic::sum && statistic != Statistic::ratio && statistic != Statistic::rate;
}

double Row::*figure_of(Statistic statistic) noexcept {
  switch (statistic) {
    case Statistic::p50:
      return &Row::p50;
    case Statistic::p95:
      return &Row::p95;
    case Statistic::p99:
      return &Row::p99;
    case Statistic::min:
      return &Row::min;
    default:
      return &Row::max;
  }
}

// The measures of one run.
class Readings {
 public:
  Readings(std::string_view command, const std::vector<Row>& rows) : command_(command), rows_(rows) {}

  [[nodiscard]] Reading read(const Measure& measure) const {
    const Series series = find(measure.of);
    if (auto fault = fault_of(measure.of, series, needs_timer(measure.statistic)); !fault.empty())
      return missing(std::move(fault));
    switch (measure.statistic) {
      case Statistic::sum:
        return read_as(sum(series));
      case Statistic::count:
        return read_as(amount(series));
      case Statistic::ratio:
        return divide(sum(series), *measure.to, false);
      case Statistic::rate:
        return divide(amount(series), measure.to.value_or(whole_run()), true);
      default:
        return worst(measure, series);
    }
  }

 private:
  [[nodiscard]] Series find(const Selector& selector) const {
    Series found;
    for (const Row& row : rows_)
      if (row.metric == selector.metric && has_labels(row.labels, selector.labels)) found.push_back(&row);
    return found;
  }

  [[nodiscard]] std::string fault_of(const Selector& selector, const Series& series, bool timer) const {
    if (series.empty()) {
      const bool other_labels = std::ranges::find(rows_, selector.metric, &Row::metric) != rows_.end();
      return other_labels ? fmt::format("the run has {}, but not as {}", selector.metric, name_of(selector))
                          : fmt::format("the run has no metric {}", selector.metric);
    }
    const Kind kind = series.front()->kind;
    if (timer && kind != Kind::timer) return fmt::format("{} is a {}, no timer", selector.metric, to_string(kind));
    return {};
  }

  [[nodiscard]] Selector whole_run() const { return {total_metric(command_), {}}; }

  [[nodiscard]] Reading divide(double dividend, const Selector& to, bool seconds) const {
    const Series series = find(to);
    if (auto fault = fault_of(to, series, seconds); !fault.empty()) return missing(std::move(fault));
    const double divisor = sum(series);
    if (divisor == 0) return nothing(fmt::format("{} is 0", name_of(to)));
    return read_as(dividend / divisor);
  }

  // The limit has to hold for each series; a min is the least of all.
  static Reading worst(const Measure& measure, const Series& series) {
    const auto figure = figure_of(measure.statistic);
    std::optional<double> worst;
    for (const Row* row : series) {
      if (row->count == 0) continue;
      const double value = row->*figure;
      const bool worse = measure.statistic == Statistic::min ? value < worst : value > worst;
      if (!worst || worse || std::isnan(value)) worst = value;
      if (std::isnan(value)) break;
    }
    if (!worst) return nothing(fmt::format("{} never ran", name_of(measure.of)));
    return read_as(*worst);
  }

  static double sum(const Series& series) {
    double all = 0;
    for (const Row* row : series) all += row->sum;
    return all;
  }

  static double amount(const Series& series) {
    double all = 0;
    for (const Row* row : series) all += row->kind == Kind::timer ? static_cast<double>(row->count) : row->sum;
    return all;
  }

  std::string_view command_;
  const std::vector<Row>& rows_;
};

bool holds(const Limit& limit, double value) noexcept {
  return limit.side == Limit::Side::at_most ? value <= limit.value : value >= limit.value;
}

// Why the rule is not for this run; `kept` when it is.
Reading read_case(const Rule& rule, const Readings& readings) {
  Reading found;
  for (const auto& [measure, limit] : rule.when) {
    Reading reading = readings.read(measure);
    if (reading.outcome == Outcome::kept && std::isnan(reading.value))
      reading = missing(fmt::format("{} is not a number", describe(measure)));
    if (reading.outcome == Outcome::missing) return reading;
    if (found.outcome != Outcome::kept) continue;  // the first reason will do, but what is missing is told in any case
    if (reading.outcome == Outcome::kept && !holds(limit, reading.value))
      reading = nothing(fmt::format("{} is {}, the rule is for {}", describe(measure),
                                    format_measured(measure, limit, reading.value), format_limit(measure, limit)));
    found = std::move(reading);
  }
  return found;
}

Verdict judge_rule(const Rule& rule, const Readings& readings) {
  Verdict verdict{.outcome = Outcome::kept, .rule = rule, .value = {}, .reason = {}};
  Reading reading = readings.read(rule.measure);
  if (reading.outcome == Outcome::kept) verdict.value = reading.value;
  Reading its_case = read_case(rule, readings);
  // What is missing comes before what does not apply: a rule with a slip in it must not pass for one of another case.
  if (reading.outcome != Outcome::missing && its_case.outcome != Outcome::kept) reading = std::move(its_case);
  if (reading.outcome == Outcome::kept)
    verdict.outcome = holds(rule.limit, reading.value) ? Outcome::kept : Outcome::over;
  else
    verdict.outcome = reading.outcome;
  verdict.reason = std::move(reading.reason);
  return verdict;
}

}  // namespace

Verdicts judge(const Budget& budget, std::string_view command, const std::vector<Row>& rows) {
  const Readings readings(command, rows);
  Verdicts verdicts;
  for (const Rule& rule : budget.rules)
    if (rule.command == command) verdicts.push_back(judge_rule(rule, readings));
  return verdicts;
}

std::size_t count(const Verdicts& verdicts, Verdict::Outcome outcome) noexcept {
  return static_cast<std::size_t>(std::ranges::count(verdicts, outcome, &Verdict::outcome));
}

}  // namespace pipeline::metrics
