#include "page_groups.h"

#include "pipeline/metrics/quantile.h"

#include <algorithm>
#include <utility>

namespace pipeline::report::page {

void GroupedSeries::add(const metrics::Run& run) {
  const WallTime start = group_start(unit_, run.info.started_at);
  if (unit_ == Unit::run || start > start_) {
    close();
    start_ = start;
  }
  for (const metrics::Row& row : run.rows) {
    if (row.kind != metrics::Kind::timer || row.count == 0) continue;
    const auto [place, fresh] = places_.try_emplace({row.metric, row.labels}, series_.size());
    if (fresh) {
      series_.push_back({.metric = row.metric, .labels = row.labels, .points = {}});
      open_.emplace_back();
    }
    Series& series = series_[place->second];
    series.spent += row.sum;
    series.single = series.single && row.count == 1;
    auto& [point, p50s] = open_[place->second];
    point.runs += 1;
    point.count += row.count;
    point.p95 = std::max(point.p95, row.p95);
    point.p99 = std::max(point.p99, row.p99);
    point.max = std::max(point.max, row.max);
    p50s.push_back(row.p50);
  }
}

void GroupedSeries::close() {
  for (std::size_t i = 0; i < open_.size(); ++i) {
    auto& [point, p50s] = open_[i];
    if (p50s.empty()) continue;
    std::ranges::sort(p50s);
    point.at = start_;
    point.p50 = metrics::nearest_rank(p50s, 0.5);
    series_[i].points.push_back(point);
    open_[i] = {};
  }
}

std::vector<Series> GroupedSeries::take(std::string_view command) {
  close();
  for (Series& series : series_) std::ranges::stable_sort(series.points, {}, &Point::at);
  const std::string total = metrics::total_metric(command);
  std::ranges::stable_sort(series_, [&](const Series& a, const Series& b) {
    return std::pair(a.metric == total, a.spent) > std::pair(b.metric == total, b.spent);
  });
  return std::move(series_);
}

}  // namespace pipeline::report::page
