#include "pipeline/metrics/metrics.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/error.h"
#include "pipeline/base/text.h"
#include "pipeline/metrics/quantile.h"

#include "sample_log.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <limits>
#include <mutex>
#include <utility>

namespace pipeline::metrics {
namespace {

// A metric under one label set. Counters and gauges keep their value here, on a cache line that no other one shares; a
// timer's samples are found by its index.
struct SeriesState {
  SeriesState(Kind what, std::string called, LabelList under)
      : kind(what), name(std::move(called)), labels(std::move(under)) {}
  Kind kind;
  std::string name;
  LabelList labels;
  alignas(64) std::atomic<std::uint64_t> count{0};
  std::atomic<double> value{0};
};

// What one reading of a timer's samples tells, in nanoseconds.
struct Summary {
  std::uint64_t count = 0;
  std::uint64_t sum = 0;
  std::uint64_t min = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t max = 0;

  void add(std::uint64_t value) noexcept {
    ++count;
    sum += value;
    min = std::min(min, value);
    max = std::max(max, value);
  }
};

constexpr std::array kQuantiles{0.50, 0.95, 0.99};

double seconds(std::uint64_t nanoseconds) noexcept {
  return static_cast<double>(nanoseconds) / 1e9;
}

bool is_name(std::string_view name) noexcept {
  return !name.empty() && !is_digit(name.front()) &&
         std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

LabelList checked(std::string_view metric, Labels labels) {
  LabelList list;
  for (const auto& [name, value] : labels) {
    if (!is_name(name) || name.starts_with("__") || name == "command" || name == "quantile" ||
        std::ranges::find(list, name, &LabelList::value_type::first) != list.end())
      throw Error(fmt::format("metric {}: \"{}\" cannot be the name of a label here", metric, name));
    if (!is_utf8(value)) throw Error(fmt::format("metric {}: the value of label {} is not UTF-8", metric, name));
    list.emplace_back(name, value);
  }
  return list;
}

std::string unit_of(std::string_view metric) {
  for (const std::string_view unit : {"seconds", "bytes", "rows", "ratio"})
    if (metric.ends_with(unit)) return std::string(unit);
  return "1";
}

Row row_of(Kind kind, std::string name, LabelList labels) {
  std::string unit = unit_of(name);
  return {.kind = kind, .metric = std::move(name), .labels = std::move(labels), .unit = std::move(unit)};
}

}  // namespace

struct Metrics::State {
  State(const Clock& clock, const std::filesystem::path& scratch)
      : wall_zero(clock.wall()), steady_zero(clock.now()), log(scratch) {}

  // The series of that name and labels, a new one or the one from before, and its index.
  std::pair<std::uint32_t, SeriesState&> enter(Kind kind, std::string_view name, Labels labels);
  // Calls visit(index of the series, nanoseconds) for every sample.
  template <typename Visit>
  void each_duration(Visit&& visit) const;

  const WallTime wall_zero;  // the two clocks at the same moment
  const SteadyTime steady_zero;
  SampleLog log;
  mutable std::mutex mutex;
  std::deque<SeriesState> series;  // under mutex, but for the values; a deque because handles point into it
};

std::pair<std::uint32_t, SeriesState&> Metrics::State::enter(Kind kind, std::string_view name, Labels labels) {
  if (!is_name(name)) throw Error(fmt::format("\"{}\" cannot be the name of a metric", name));
  LabelList list = checked(name, labels);
  const std::lock_guard lock(mutex);
  std::uint32_t index = 0;
  for (SeriesState& known : series) {
    if (known.name == name) {
      if (known.kind != kind) throw Error(fmt::format("metric {} is registered as another kind already", name));
      if (known.labels == list) return {index, known};
    }
    ++index;
  }
  return {index, series.emplace_back(kind, std::string(name), std::move(list))};
}

template <typename Visit>
void Metrics::State::each_duration(Visit&& visit) const {
  log.for_each([&](const RawSample& sample) { visit(sample.timer, static_cast<std::uint64_t>(sample.took.count())); });
}

Metrics::Metrics(const Clock& clock, const std::filesystem::path& scratch)
    : clock_(clock), state_(std::make_unique<State>(clock, scratch)) {}

Metrics::~Metrics() = default;

Timer Metrics::timer(std::string_view name, Labels labels) {
  return Timer(state_->enter(Kind::timer, name, labels).first);
}

Counter Metrics::counter(std::string_view name, Labels labels) {
  return Counter(&state_->enter(Kind::counter, name, labels).second.count);
}

Gauge Metrics::gauge(std::string_view name, Labels labels) {
  return Gauge(&state_->enter(Kind::gauge, name, labels).second.value);
}

void Metrics::record(Timer timer, SteadyTime started, Nanoseconds took, Tags tags) noexcept {
  state_->log.record({timer.id_, started, std::max(took, Nanoseconds::zero()), tags});
}

std::vector<Row> Metrics::rows() const {
  const std::lock_guard lock(state_->mutex);
  const auto& series = state_->series;

  std::vector<Summary> summaries(series.size());
  state_->each_duration([&](std::uint32_t timer, std::uint64_t took) { summaries[timer].add(took); });

  std::vector<RankQuery> queries;
  for (std::uint32_t i = 0; i < series.size(); ++i)
    if (summaries[i].count > 0)
      for (const double q : kQuantiles) queries.push_back({.series = i, .rank = nearest_rank(summaries[i].count, q)});
  const std::uint64_t largest = summaries.empty() ? 0 : std::ranges::max(summaries, {}, &Summary::max).max;
  select_ranks(queries, largest, [&](const ValueVisitor& visit) { state_->each_duration(visit); });

  std::vector<Row> rows;
  auto answer = queries.begin();
  for (std::size_t i = 0; i < series.size(); ++i) {
    Row& row = rows.emplace_back(row_of(series[i].kind, series[i].name, series[i].labels));
    const Summary& summary = summaries[i];
    if (row.kind == Kind::counter) row.sum = static_cast<double>(series[i].count.load());
    if (row.kind == Kind::gauge) row.sum = series[i].value.load();
    if (summary.count == 0) continue;
    row.count = summary.count;
    row.sum = seconds(summary.sum);
    row.min = seconds(summary.min);
    row.mean = row.sum / static_cast<double>(summary.count);
    for (double* const quantile : {&row.p50, &row.p95, &row.p99}) *quantile = seconds((answer++)->value);
    row.max = seconds(summary.max);
  }
  if (const auto [lost, error] = state_->log.lost(); lost > 0) {
    const char* const reason = ::strerrordesc_np(error);
    rows.emplace_back(row_of(Kind::counter, "metrics_samples_lost_total", {{"reason", reason}})).sum =
        static_cast<double>(lost);
  }
  return rows;
}

void Metrics::for_each_sample(const std::function<void(const Sample&)>& visit) const {
  std::vector<std::string_view> names;
  {
    const std::lock_guard lock(state_->mutex);
    for (const SeriesState& series : state_->series) names.emplace_back(series.name);
  }
  state_->log.for_each([&](const RawSample& raw) {
    const auto since = std::chrono::duration_cast<WallTime::duration>(raw.started - state_->steady_zero);
    visit({names[raw.timer], raw.tags.content_id, raw.tags.sku, state_->wall_zero + since, to_seconds(raw.took)});
  });
}

}  // namespace pipeline::metrics
