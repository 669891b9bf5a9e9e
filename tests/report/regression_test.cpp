#include "pipeline/report/compare.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace pipeline::report {
namespace {

constexpr double kLimit = 0.15;

// Sides of `runs` values with noise of so many percent, the new one slower by a share.
Series drawn(std::mt19937& random, std::size_t runs, double noise_share, double slowdown) {
  std::lognormal_distribution<double> noise(0, noise_share);
  Series series;
  for (std::size_t i = 0; i < runs; ++i) {
    series.base.push_back(noise(random));
    series.fresh.push_back(noise(random) * (1 + slowdown));
  }
  return series;
}

int count(const std::vector<Change>& changes, Mark mark) {
  return static_cast<int>(std::count_if(changes.begin(), changes.end(), [&](auto& one) { return one.mark == mark; }));
}

struct Rates {
  int comparisons_failed = 0;
  int first_found = 0;  // the first statistic regressed
  int first_unsure = 0;
  int first_slower = 0;  // within the limit
};

// Comparisons of ten statistics of which the first alone is slower.
Rates rates(std::size_t runs, double noise_share, double slowdown, int comparisons = 400) {
  std::mt19937 random(11);
  Rates rates;
  for (int i = 0; i < comparisons; ++i) {
    std::vector<Series> series{drawn(random, runs, noise_share, slowdown)};
    for (int other = 1; other < 10; ++other) series.push_back(drawn(random, runs, noise_share, 0));
    const auto changes = judge_groups(series, kLimit);
    rates.comparisons_failed += count(changes, Mark::regressed) > 0 ? 1 : 0;
    rates.first_found += changes[0].mark == Mark::regressed ? 1 : 0;
    rates.first_unsure += changes[0].mark == Mark::cannot_tell ? 1 : 0;
    rates.first_slower += changes[0].mark == Mark::slower_in_limits ? 1 : 0;
  }
  return rates;
}

TEST(JudgeGroups, NoiseAloneFailsAtMostFiveInAHundred) {
  for (const std::size_t runs : std::vector<std::size_t>{5, 10})
    for (const double noise : {0.02, 0.1, 0.5})
      EXPECT_LT(rates(runs, noise, 0).comparisons_failed, 400 * 0.075) << noise;
}

TEST(JudgeGroups, FindsARealRegression) {
  EXPECT_GT(rates(10, 0.05, 0.15).first_found, 400 * 0.9);
  EXPECT_GT(rates(10, 0.1, 0.3).first_found, 400 * 0.95);
  EXPECT_GT(rates(7, 0.05, 0.3).first_found, 400 * 0.98);
}

TEST(JudgeGroups, PassesOneOverTheLimitNearlyNever) {
  for (const double noise : {0.03, 0.1, 0.3}) {
    const Rates seen = rates(7, noise, 0.15);
    EXPECT_LT(400 - seen.first_found - seen.first_unsure, 400 * 0.075) << noise;
  }
}

TEST(JudgeGroups, LetsThroughWhatIsSlowerButSurelyWithinTheLimit) {
  const Rates seen = rates(15, 0.02, 0.05);
  EXPECT_EQ(seen.first_found, 0);
  EXPECT_GT(seen.first_slower, 400 * 0.9);
}

TEST(JudgeGroups, TellsFasterFromKept) {
  std::mt19937 random(5);
  const auto changes = judge_groups({drawn(random, 12, 0.02, -0.3), drawn(random, 12, 0.02, 0)}, kLimit);
  EXPECT_EQ(changes[0].mark, Mark::faster);
  EXPECT_EQ(changes[1].mark, Mark::kept);
}

TEST(JudgeGroups, SaysHowManyRunsWouldDo) {
  std::mt19937 random(6);
  const auto few = judge_groups({drawn(random, 3, 0.05, 1.0)}, kLimit);  // 1 of 20 splits: the bare minimum
  EXPECT_EQ(few[0].mark, Mark::regressed);
  const std::vector<Series> ten(10, drawn(random, 3, 0.001, 1.0));
  const auto changes = judge_groups(ten, kLimit);
  EXPECT_EQ(changes[0].mark, Mark::cannot_tell);
  EXPECT_EQ(changes[0].runs_needed, 5);  // 10 / 252 is the first below 5 %

  const auto noisy = judge_groups({drawn(random, 6, 0.5, 0.05)}, kLimit);
  ASSERT_EQ(noisy[0].mark, Mark::cannot_tell);
  EXPECT_TRUE(noisy[0].runs_needed == 0 || noisy[0].runs_needed > 6);
}

TEST(JudgeGroups, SidesMayDifferInSize) {
  const Series series{{1.00, 1.01, 0.99}, {1.5, 1.51, 1.52, 1.49, 1.48, 1.53, 1.47}};
  EXPECT_EQ(judge_groups({series}, kLimit)[0].mark, Mark::regressed);
  const Series one{{1.0}, {1.5, 1.5, 1.5}};
  EXPECT_EQ(judge_groups({one}, kLimit)[0].mark, Mark::cannot_tell);
}

TEST(JudgePairs, KnowsOnlyTheLimit) {
  const auto changes = judge_pairs({{{1.0}, {1.1501}}, {{1.0}, {1.15}}, {{1.0}, {0.5}}, {{0.0}, {0.0}}}, kLimit);
  EXPECT_EQ(changes[0].mark, Mark::regressed);
  EXPECT_EQ(changes[1].mark, Mark::kept);
  EXPECT_EQ(changes[2].mark, Mark::faster);
  EXPECT_EQ(changes[3].mark, Mark::kept);
}

}  // namespace
}  // namespace pipeline::report
