#include "pipeline/report/rank_test.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <set>

namespace pipeline::report {
namespace {

constexpr std::size_t kMostCounted = 80;  // values: the counting takes 80 ms there, and the normal curve is as good

// Twice the rank of each value among all, equal ones sharing theirs; base first. Twice, so that they are whole.
std::vector<std::size_t> doubled_ranks(std::span<const double> base, std::span<const double> fresh) {
  std::vector<double> all(base.begin(), base.end());
  all.insert(all.end(), fresh.begin(), fresh.end());
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return all[i]; });
  std::vector<std::size_t> ranks(all.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    while (end < order.size() && all[order[end]] == all[order[first]]) ++end;
    for (std::size_t i = first; i < end; ++i) ranks[order[i]] = first + 1 + end;
    first = end;
  }
  return ranks;
}

// How many ways there are to choose `chosen` of the ranks with each sum.
std::vector<double> ways_by_sum(std::span<const std::size_t> ranks, std::size_t chosen) {
  const std::size_t sums = std::accumulate(ranks.begin(), ranks.end(), std::size_t{0}) + 1;
  std::vector<std::vector<double>> ways(chosen + 1, std::vector<double>(sums));
  ways[0][0] = 1;
  std::size_t reached = 0;  // no sum is larger so far
  for (const std::size_t rank : ranks) {
    reached += rank;
    for (std::size_t k = chosen; k > 0; --k)
      for (std::size_t sum = reached; sum >= rank; --sum) ways[k][sum] += ways[k - 1][sum - rank];
  }
  return std::move(ways[chosen]);
}

// For many values: mean and variance of the sum over all splits, with a half for continuity.
RankTest::Chances chances_by_curve(std::span<const std::size_t> doubled, std::size_t chosen, double doubled_sum) {
  const auto n = static_cast<double>(doubled.size());
  const auto k = static_cast<double>(chosen);
  const double mean = n + 1;  // of doubled ranks
  double squares = 0;
  for (const std::size_t rank : doubled) squares += std::pow(static_cast<double>(rank) - mean, 2);
  const double deviation = std::sqrt(k * (n - k) / (n * (n - 1)) * squares);
  if (deviation == 0) return {};  // all values are equal
  const double above = doubled_sum - k * mean;
  return {.higher = normal_chance((above - 1) / deviation), .lower = normal_chance((-above - 1) / deviation)};
}

RankTest::Chances chances_by_counting(std::span<const double> ways, std::size_t sum) {
  const auto share = [&](std::size_t from, std::size_t end) {
    return std::accumulate(ways.begin() + static_cast<std::ptrdiff_t>(from),
                           ways.begin() + static_cast<std::ptrdiff_t>(end), 0.0) /
           std::accumulate(ways.begin(), ways.end(), 0.0);
  };
  return {.higher = share(sum, ways.size()), .lower = share(0, sum + 1)};
}

}  // namespace

RankTest::RankTest(std::size_t base, std::size_t fresh) : base_(base), fresh_(fresh) {
  if (base + fresh > kMostCounted) return;
  std::vector<std::size_t> ranks(base + fresh);
  std::iota(ranks.begin(), ranks.end(), std::size_t{1});
  ways_ = ways_by_sum(ranks, fresh);
}

RankTest::Chances RankTest::chances(std::span<const double> base, std::span<const double> fresh) const {
  const auto ranks = doubled_ranks(base, fresh);
  const auto own = std::span(ranks).subspan(base.size());
  const std::size_t sum = std::accumulate(own.begin(), own.end(), std::size_t{0});
  if (ways_.empty()) return chances_by_curve(ranks, fresh.size(), static_cast<double>(sum));
  const bool has_ties = std::set<std::size_t>(ranks.begin(), ranks.end()).size() < ranks.size();
  return has_ties ? chances_by_counting(ways_by_sum(ranks, fresh.size()), sum) : chances_by_counting(ways_, sum / 2);
}

RankTest::Ratio RankTest::ratio(std::span<const double> base, std::span<const double> fresh, double risk) const {
  constexpr double kTick = 1e-9;  // of the clock: what took no time took less than that
  std::vector<double> ratios;
  ratios.reserve(base.size() * fresh.size());
  for (const double b : base)
    for (const double f : fresh) ratios.push_back(std::max(f, kTick) / std::max(b, kTick));
  std::ranges::sort(ratios);
  Ratio ratio{.estimate = median_of(ratios), .low = 0, .high = std::numeric_limits<double>::infinity()};
  if (const std::size_t outside = ratios_outside(risk); outside > 0) {
    ratio.low = ratios[outside - 1];
    ratio.high = ratios[ratios.size() - outside];
  }
  return ratio;
}

double RankTest::smallest() const {
  double chance = 1;
  for (std::size_t i = 1; i <= fresh_; ++i) chance *= static_cast<double>(i) / static_cast<double>(base_ + i);
  return chance;
}

// How many of the ratios, counted from either end, a bound has to leave outside.
std::size_t RankTest::ratios_outside(double risk) const {
  const auto pairs = static_cast<double>(base_ * fresh_);
  if (ways_.empty()) {
    const double deviation = std::sqrt(pairs * static_cast<double>(base_ + fresh_ + 1) / 12);
    return static_cast<std::size_t>(std::max(0.0, pairs / 2 - normal_bound(risk) * deviation));
  }
  constexpr double kRounding = 1 + 1e-12;
  const double most = risk * kRounding * std::accumulate(ways_.begin(), ways_.end(), 0.0);
  const std::size_t least = fresh_ * (fresh_ + 1) / 2;  // the sum when all of fresh rank lowest
  double below = 0;
  std::size_t outside = 0;
  while ((below += ways_[least + outside]) <= most) ++outside;
  return outside;
}

std::vector<double> holm(std::span<const double> chances) {
  std::vector<std::size_t> order(chances.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return chances[i]; });
  std::vector<double> raised(chances.size());
  double largest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    largest = std::max(largest, chances[order[i]] * static_cast<double>(order.size() - i));
    raised[order[i]] = std::min(1.0, largest);
  }
  return raised;
}

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

double normal_chance(double z) {
  return 0.5 * std::erfc(z / std::sqrt(2.0));
}

double normal_bound(double chance) {
  double low = -40;
  double high = 40;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (normal_chance(middle) > chance ? low : high) = middle;
  }
  return low;
}

}  // namespace pipeline::report
