#include "pipeline/report/compare.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace pipeline::report {
namespace {

constexpr double kRisk = 0.05;  // of a false alarm over all statistics, and of each bound

// Few enough for a human to plan with; beyond that the honest answer is that runs are not what is missing.
constexpr double kMostRuns = 1000;

// The fewest runs a side with which one of `tests` could be told at all.
std::size_t fewest_runs(std::size_t tests) {
  std::size_t runs = 2;
  while (RankTest(runs, runs).smallest() * static_cast<double>(tests) > kRisk) ++runs;
  return runs;
}

// The bound stands as far from the estimate as the runs let it, and comes nearer with the root of their number. Enough
// are those with which either the bound would be below the limit, or the growth would be told from noise, if the
// estimate stays what it is.
std::size_t runs_needed(const RankTest::Ratio& ratio, double limit, std::size_t runs, std::size_t tests) {
  const auto fewest = std::max(fewest_runs(tests), runs + 1);
  if (!std::isfinite(ratio.high)) return fewest;
  const double distance = std::log(ratio.high / ratio.estimate);
  const double growth = std::log(ratio.estimate);
  const double room = std::log(limit) - growth;
  const double to_tell = normal_bound(kRisk / static_cast<double>(tests)) / normal_bound(kRisk);
  double factor = kMostRuns;
  if (room > 0) factor = std::min(factor, std::pow(distance / room, 2));
  if (growth > 0) factor = std::min(factor, std::pow(distance * to_tell / growth, 2));
  const double needed = std::ceil(static_cast<double>(runs) * factor);
  return needed > kMostRuns ? 0 : std::max(fewest, static_cast<std::size_t>(needed));
}

Change medians_of(const Series& series) {
  Change change;
  change.base = median_of(series.base);
  change.fresh = median_of(series.fresh);
  return change;
}

}  // namespace

double Change::growth() const {
  constexpr double kTick = 1e-9;
  return std::max(*fresh, kTick) / std::max(*base, kTick) - 1;
}

std::vector<Change> judge_pairs(const std::vector<Series>& series, double max_regression) {
  std::vector<Change> changes;
  for (const Series& one : series) {
    Change& change = changes.emplace_back(medians_of(one));
    const double growth = change.growth();
    change.ratio = {.estimate = 1 + growth, .low = 1 + growth, .high = 1 + growth};
    change.mark = growth > max_regression ? Mark::regressed : growth < -max_regression ? Mark::faster : Mark::kept;
  }
  return changes;
}

std::vector<Change> judge_groups(const std::vector<Series>& series, double max_regression) {
  std::vector<Change> changes;
  std::vector<double> slower;
  std::vector<double> faster;
  std::map<std::pair<std::size_t, std::size_t>, RankTest> tests;
  for (const Series& one : series) {
    const std::pair sizes(one.base.size(), one.fresh.size());
    const RankTest& test = tests.try_emplace(sizes, sizes.first, sizes.second).first->second;
    const auto chances = test.chances(one.base, one.fresh);
    slower.push_back(chances.higher);
    faster.push_back(chances.lower);
    changes.push_back(medians_of(one));
    changes.back().ratio = test.ratio(one.base, one.fresh, kRisk);
  }
  slower = holm(slower);
  faster = holm(faster);

  const double limit = 1 + max_regression;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Change& change = changes[i];
    const bool keeps = change.ratio.high < limit;
    change.chance = slower[i];
    if (slower[i] <= kRisk) {
      change.mark = keeps ? Mark::slower_in_limits : Mark::regressed;
    } else if (faster[i] <= kRisk) {
      change.mark = Mark::faster;
    } else if (keeps) {
      change.mark = Mark::kept;
    } else {
      change.mark = Mark::cannot_tell;
      change.runs_needed =
          runs_needed(change.ratio, limit, std::min(series[i].base.size(), series[i].fresh.size()), series.size());
    }
  }
  return changes;
}

std::optional<std::size_t> Comparison::too_few_runs() const {
  std::optional<std::size_t> needed;
  for (const Section& section : sections) {
    if (!section.has_groups() || tested == 0) continue;
    const RankTest test(section.base_runs.size(), section.fresh_runs.size());
    if (test.smallest() * static_cast<double>(tested) > kRisk) needed = fewest_runs(tested);
  }
  return needed;
}

}  // namespace pipeline::report
