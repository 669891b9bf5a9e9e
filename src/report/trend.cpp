#include "pipeline/report/trend.h"

#include "pipeline/base/names.h"
#include "pipeline/report/rank_test.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

namespace pipeline::report {
namespace {

constexpr std::size_t kFewest = 4;  // three in a row rise by chance once in six
constexpr std::size_t kMostTrendRuns = 30;
constexpr double kTrendRisk = 0.05;

// Pairs that rise less pairs that fall.
int rise_of(std::span<const double> values) {
  int rise = 0;
  for (std::size_t j = 1; j < values.size(); ++j)
    for (std::size_t i = 0; i < j; ++i) rise += (values[i] < values[j]) - (values[j] < values[i]);
  return rise;
}

// How many orders of n values have each number of falling pairs.
std::vector<double> orders_by_falls(std::size_t n) {
  std::vector<double> orders{1};
  for (std::size_t i = 2; i <= n; ++i) {
    std::vector<double> more(orders.size() + i - 1);
    for (std::size_t falls = 0; falls < orders.size(); ++falls)
      for (std::size_t own = 0; own < i; ++own) more[falls + own] += orders[falls];
    orders = std::move(more);
  }
  return orders;
}

double chance_by_curve(std::span<const double> values, const std::map<double, double>& times, int rise) {
  const auto spread = [](double n) { return n * (n - 1) * (2 * n + 5); };
  double variance = spread(static_cast<double>(values.size()));
  for (const auto& [value, n] : times) variance -= spread(n);
  if (variance <= 0) return 1;  // all values are equal
  return normal_chance((rise - 1) / std::sqrt(variance / 18));
}

// The points of the series that are there.
struct TrendPoint {
  double at;
  double value;
};

double slope_of(const std::vector<TrendPoint>& points) {
  std::vector<double> slopes;
  for (std::size_t j = 1; j < points.size(); ++j)
    for (std::size_t i = 0; i < j; ++i)
      slopes.push_back((points[j].value - points[i].value) / (points[j].at - points[i].at));
  return median_of(std::move(slopes));
}

}  // namespace

double chance_of_rise(std::span<const double> values) {
  std::map<double, double> times;  // that each value is there
  for (const double value : values) ++times[value];
  const int rise = rise_of(values);
  if (times.size() < values.size() || values.size() > kMostTrendRuns) return chance_by_curve(values, times, rise);
  const auto orders = orders_by_falls(values.size());
  const auto pairs = static_cast<int>(values.size() * (values.size() - 1) / 2);
  const auto falls = static_cast<std::ptrdiff_t>((pairs - rise) / 2);
  return std::accumulate(orders.begin(), orders.begin() + falls + 1, 0.0) /
         std::accumulate(orders.begin(), orders.end(), 0.0);
}

Trend trend_of(std::span<const std::optional<double>> values) {
  std::vector<TrendPoint> points;
  std::vector<double> there;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i]) continue;
    points.push_back({static_cast<double>(i), *values[i]});
    there.push_back(*values[i]);
  }
  if (points.size() < kFewest) return {};
  Trend trend{.kind = Trend::Kind::steady};
  if (const double middle = median_of(there); middle > 0) trend.per_step = slope_of(points) / middle;
  if (chance_of_rise(there) <= kTrendRisk) trend.kind = Trend::Kind::rising;
  for (double& value : there) value = -value;
  if (chance_of_rise(there) <= kTrendRisk) trend.kind = Trend::Kind::falling;
  return trend;
}

std::string_view to_string(Trend::Kind kind) noexcept {
  static constexpr auto kNames = names_of<Trend::Kind>("", "steady", "rising", "falling");
  return kNames[kind];
}

}  // namespace pipeline::report
