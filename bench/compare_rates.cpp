// How often `report compare` cries wolf, and how often it sleeps: by drawing runs from recorded ones (bench/recorded/),
// and by setting recorded runs of two programs side by side as they came.
//
//   compare_rates [FILE [REPETITIONS]] > rates.md
#include "pipeline/report/compare.h"

#include "recorded_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::bench {
namespace {

using report::Mark;
using report::RunGroup;

constexpr double kLimit = 0.15;
RunGroup group_of(const Runs& runs, const std::vector<std::size_t>& picked) {
  RunGroup group;
  for (const std::size_t i : picked) group.runs.push_back(runs[i]);
  group.files.resize(picked.size());
  return group;
}

// All of a stage takes so much longer.
void slow_down(RunGroup& group, const std::string& metric, double share) {
  for (metrics::Run& run : group.runs)
    for (metrics::Row& row : run.rows)
      if (row.metric == metric)
        for (double* value : {&row.sum, &row.p50, &row.p95, &row.p99}) *value *= 1 + share;
}

// --- the rules ---

struct Judgement {
  bool any = false;     // something was marked as regressed
  bool stage = false;   // the stage in question was
  bool unsure = false;  // it was not, and the rule said that it could not tell
};
using Rule = std::function<Judgement(const RunGroup& base, const RunGroup& fresh, const std::string& stage)>;

Judgement judge(const RunGroup& base, const RunGroup& fresh, const std::string& wanted) {
  Judgement judgement;
  const auto comparison = report::compare(base, fresh, {.max_regression = kLimit});
  for (const auto& section : comparison.sections) {
    for (const auto& stage : section.stages) {
      judgement.any |= stage.worst() == Mark::regressed;
      if (stage.metric != wanted) continue;
      judgement.stage = stage.worst() == Mark::regressed;
      judgement.unsure = stage.worst() == Mark::cannot_tell;
    }
  }
  return judgement;
}

// What a script would do: the medians over the runs, over the limit or not, for what `report compare` judges as well.
Judgement judge_naively(const RunGroup& base, const RunGroup& fresh, const std::string& wanted) {
  Judgement judgement;
  const auto comparison = report::compare(base, fresh, {.max_regression = kLimit});
  for (const auto& section : comparison.sections) {
    for (const auto& stage : section.stages) {
      for (const auto& change : stage.changes) {
        const bool over = change.mark != Mark::not_judged && change.growth() > kLimit;
        judgement.any |= over;
        judgement.stage |= over && stage.metric == wanted;
      }
    }
  }
  return judgement;
}

// --- by drawing ---

std::string percent(int part, int of) {
  return fmt::format("{:.1f} %", 100.0 * part / of);
}

// Base and new are different runs of the same program; those of the new side are then made slower. Without putting
// back, so that no run stands on both sides.
void print_rates(const Runs& runs, const std::string& stage, int repetitions, const Rule& rule, const std::string& name,
                 const std::vector<std::size_t>& sizes) {
  constexpr std::array kSlowdowns{0.05, 0.10, 0.15, 0.20, 0.30};
  fmt::print("\n**{}**: runs of `{}`, {} slowed down\n\n", name, runs.front().info.command, stage);
  fmt::print("| runs a side | false alarms |");
  for (const double slowdown : kSlowdowns) fmt::print(" +{:.0f} % found (cannot tell) |", slowdown * 100);
  fmt::print("\n|--:|--:|--:|--:|--:|--:|--:|\n");
  for (const std::size_t size : sizes) {
    std::mt19937_64 random(20261123);
    std::vector<std::size_t> order(runs.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    int alarms = 0;
    std::array<int, kSlowdowns.size()> found{};
    std::array<int, kSlowdowns.size()> unsure{};
    for (int repetition = 0; repetition < repetitions; ++repetition) {
      std::ranges::shuffle(order, random);
      const auto middle = order.begin() + static_cast<std::ptrdiff_t>(size);
      const auto base = group_of(runs, {order.begin(), middle});
      const auto fresh = group_of(runs, {middle, middle + static_cast<std::ptrdiff_t>(size)});
      if (rule(base, fresh, stage).any) ++alarms;
      for (std::size_t i = 0; i < kSlowdowns.size(); ++i) {
        auto slower = fresh;
        slow_down(slower, stage, kSlowdowns[i]);
        const auto judgement = rule(base, slower, stage);
        found[i] += judgement.stage ? 1 : 0;
        unsure[i] += judgement.unsure ? 1 : 0;
      }
    }
    fmt::print("| {} | {} |", size, percent(alarms, repetitions));
    for (std::size_t i = 0; i < kSlowdowns.size(); ++i)
      fmt::print(" {} ({}) |", percent(found[i], repetitions), percent(unsure[i], repetitions));
    fmt::print("\n");
  }
}

// --- as they came ---

// Rounds follow each other; each comparison takes the next ones, of both sides the same.
void print_real(const Runs& base, const Runs& fresh, const std::string& name, const std::vector<std::size_t>& sizes,
                const Rule& rule) {
  for (const std::size_t size : sizes) {
    int comparisons = 0;
    int any = 0;
    int found = 0;
    int unsure = 0;
    for (std::size_t first = 0; first + size <= std::min(base.size(), fresh.size()); first += size) {
      std::vector<std::size_t> picked(size);
      for (std::size_t i = 0; i < size; ++i) picked[i] = first + i;
      const auto judgement = rule(group_of(base, picked), group_of(fresh, picked), "detail_fetch_seconds");
      ++comparisons;
      any += judgement.any ? 1 : 0;
      found += judgement.stage ? 1 : 0;
      unsure += judgement.unsure ? 1 : 0;
    }
    fmt::print("| {} | {} | {} | {} | {} | {} |\n", name, size, comparisons, any, found, unsure);
  }
}

double median_p(const Runs& runs, double metrics::Row::*statistic) {
  std::vector<double> values;
  for (const metrics::Run& run : runs)
    for (const metrics::Row& row : run.rows)
      if (row.metric == "detail_fetch_seconds") values.push_back(row.*statistic);
  return report::median_of(std::move(values));
}

// --- the bounds ---

// How often the upper bound is not below the true ratio, which is 1 for runs of the same program: that of the ranks,
// and that of the percentile bootstrap over runs.
void print_coverage(const Runs& runs, const std::string& metric, int repetitions) {
  std::vector<double> values;
  for (const metrics::Run& run : runs)
    for (const metrics::Row& row : run.rows)
      if (row.metric == metric) values.push_back(row.p95);
  fmt::print("\n| runs a side | rank bound holds | at | percentile bootstrap holds | at |\n|--:|--:|--:|--:|--:|\n");
  for (const std::size_t size : std::array<std::size_t, 6>{3, 5, 7, 10, 15, 20}) {
    std::mt19937_64 random(7);
    const report::RankTest test(size, size);
    std::vector<double> by_ranks;
    std::vector<double> by_bootstrap;
    for (int repetition = 0; repetition < repetitions; ++repetition) {
      std::ranges::shuffle(values, random);
      const std::vector<double> base(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(size));
      const std::vector<double> fresh(values.begin() + static_cast<std::ptrdiff_t>(size),
                                      values.begin() + static_cast<std::ptrdiff_t>(2 * size));
      by_ranks.push_back(test.ratio(base, fresh, 0.05).high);
      std::uniform_int_distribution<std::size_t> draw(0, size - 1);
      const auto resampled_median = [&](const std::vector<double>& from) {
        std::vector<double> drawn;
        for (std::size_t i = 0; i < size; ++i) drawn.push_back(from[draw(random)]);
        return report::median_of(std::move(drawn));
      };
      constexpr int kResamples = 1000;
      std::vector<double> ratios;
      for (int i = 0; i < kResamples; ++i) ratios.push_back(resampled_median(fresh) / resampled_median(base));
      std::ranges::sort(ratios);
      by_bootstrap.push_back(ratios[static_cast<std::size_t>(kResamples * 0.95)]);
    }
    const auto held = [&](const std::vector<double>& bounds) {
      const auto times = std::ranges::count_if(bounds, [](double bound) { return bound >= 1; });
      return percent(static_cast<int>(times), repetitions);
    };
    fmt::print("| {} | {} | {:+.1f} % | {} | {:+.1f} % |\n", size, held(by_ranks),
               100 * (report::median_of(by_ranks) - 1), held(by_bootstrap),
               100 * (report::median_of(by_bootstrap) - 1));
  }
}

void run(const std::string& file, int repetitions) {
  std::string comments;
  const auto sides = read_recorded(file, comments);
  fmt::print("{}", comments);
  fmt::print("\n## By drawing from the recorded runs, {} comparisons a cell; limit 15 %\n", repetitions);
  const std::vector<std::size_t> sizes{3, 5, 7, 10, 15, 20};
  for (const auto& [side, stage] : {std::pair("a", "detail_fetch_seconds"), std::pair("u", "db_upsert_seconds"),
                                    std::pair("u", "db_txn_seconds")}) {
    Runs runs = sides.at(side);
    if (std::string_view(side) == "a") runs.insert(runs.end(), sides.at("a2").begin(), sides.at("a2").end());
    print_rates(runs, stage, repetitions, judge, "report compare", sizes);
    print_rates(runs, stage, repetitions, judge_naively, "medians over 15 %", sizes);
    print_rates(runs, stage, repetitions, judge, "report compare, one run a side", {1});
  }

  fmt::print("\n## As they came\n\nReal growth of detail_fetch over `a`, medians of all rounds:");
  for (const char* const side : {"a2", "b15", "b30"}) {
    fmt::print(" `{}`", side);
    for (const auto statistic : {&metrics::Row::p50, &metrics::Row::p95, &metrics::Row::p99})
      fmt::print(" {:+.1f} %", 100 * (median_p(sides.at(side), statistic) / median_p(sides.at("a"), statistic) - 1));
    fmt::print(";");
  }
  for (const auto& [name, rule] :
       {std::pair("report compare", Rule(judge)), std::pair("medians over 15 %", Rule(judge_naively))}) {
    fmt::print("\n\n**{}**\n\n| sides | runs a side | comparisons | failed | detail_fetch found | cannot tell |\n",
               name);
    fmt::print("|---|--:|--:|--:|--:|--:|\n");
    for (const char* const side : {"a2", "b15", "b30"})
      print_real(sides.at("a"), sides.at(side), fmt::format("a, {}", side), {1, 5, 7, 10, 15}, rule);
  }

  fmt::print("\n## How often a 95 % upper bound holds\n\n`detail_fetch` p95, then `db_txn` p95 of upsert:\n");
  Runs all = sides.at("a");
  all.insert(all.end(), sides.at("a2").begin(), sides.at("a2").end());
  print_coverage(all, "detail_fetch_seconds", repetitions);
  print_coverage(sides.at("u"), "db_txn_seconds", repetitions);
}

}  // namespace
}  // namespace pipeline::bench

int main(int argc, char** argv) {
  try {
    pipeline::bench::run(argc > 1 ? argv[1] : PIPELINE_RECORDED_RUNS,
                         argc > 2 ? std::max(1, std::atoi(argv[2])) : 2000);
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "compare_rates: {}\n", e.what());
    return 1;
  }
}
