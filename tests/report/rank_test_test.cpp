#include "pipeline/report/rank_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace pipeline::report {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

using Values = std::vector<double>;

// Pairs in which the fresh one is larger, a half for equal ones.
double wins(const Values& base, const Values& fresh) {
  double wins = 0;
  for (const double b : base)
    for (const double f : fresh) wins += f > b ? 1 : f == b ? 0.5 : 0;
  return wins;
}

// The same chances by going through all splits of the values, one by one.
RankTest::Chances by_brute_force(const Values& base, const Values& fresh) {
  Values all = base;
  all.insert(all.end(), fresh.begin(), fresh.end());
  std::vector<bool> is_fresh(all.size());
  std::fill(is_fresh.end() - static_cast<std::ptrdiff_t>(fresh.size()), is_fresh.end(), true);
  const double seen = wins(base, fresh);
  double splits = 0;
  double higher = 0;
  double lower = 0;
  do {
    Values one;
    Values other;
    for (std::size_t i = 0; i < all.size(); ++i) (is_fresh[i] ? other : one).push_back(all[i]);
    ++splits;
    higher += wins(one, other) >= seen ? 1 : 0;
    lower += wins(one, other) <= seen ? 1 : 0;
  } while (std::next_permutation(is_fresh.begin(), is_fresh.end()));
  return {.higher = higher / splits, .lower = lower / splits};
}

TEST(RankTest, CountsAsManySplitsAsThereAre) {
  std::mt19937 random(1);
  for (std::size_t n = 1; n <= 6; ++n) {
    for (std::size_t m = 1; m <= 6; ++m) {
      for (const int kinds : {3, 1000}) {  // many ties, and hardly any
        Values base(n);
        Values fresh(m);
        for (Values* side : {&base, &fresh})
          for (double& value : *side) value = static_cast<double>(random() % static_cast<unsigned>(kinds));
        const auto expected = by_brute_force(base, fresh);
        const auto chances = RankTest(n, m).chances(base, fresh);
        EXPECT_NEAR(chances.higher, expected.higher, 1e-12) << n << " and " << m;
        EXPECT_NEAR(chances.lower, expected.lower, 1e-12) << n << " and " << m;
      }
    }
  }
}

TEST(RankTest, GivesTheValuesOfTheTables) {
  // Five and five, all of one side above: 1 of 252 splits. Four and six, U = 2 of 24: 4 of 210 are as extreme.
  EXPECT_NEAR(RankTest(5, 5).chances(Values{1, 2, 3, 4, 5}, Values{6, 7, 8, 9, 10}).higher, 1.0 / 252, 1e-15);
  EXPECT_NEAR(RankTest(4, 6).chances(Values{1, 2, 3, 6}, Values{4, 5, 7, 8, 9, 10}).higher, 4.0 / 210, 1e-15);
  EXPECT_DOUBLE_EQ(RankTest(5, 5).smallest(), 1.0 / 252);
  EXPECT_DOUBLE_EQ(RankTest(1, 1).smallest(), 0.5);
  EXPECT_DOUBLE_EQ(RankTest(3, 1).smallest(), 0.25);
}

TEST(RankTest, AllEqualSaysNothing) {
  const Values same(7, 1.5);
  EXPECT_DOUBLE_EQ(RankTest(7, 7).chances(same, same).higher, 1);
  const Values many(60, 1.5);
  EXPECT_DOUBLE_EQ(RankTest(60, 60).chances(many, many).higher, 1);
}

TEST(RankTest, TheCurveGoesOnWhereTheCountingEnds) {
  std::mt19937 random(2);
  std::normal_distribution<double> noise(100, 10);
  Values base(41);
  Values fresh(41);
  for (double& value : base) value = std::round(noise(random));
  for (double& value : fresh) value = std::round(noise(random) + 4);
  const auto by_curve = RankTest(41, 41).chances(base, fresh);
  base.pop_back();
  fresh.pop_back();
  const auto by_counting = RankTest(40, 40).chances(base, fresh);
  EXPECT_NEAR(std::log(by_curve.higher), std::log(by_counting.higher), 0.3);
  const auto curve = RankTest(41, 41).ratio(Values(41, 1.0), Values(41, 1.0), 0.05);
  EXPECT_EQ(curve.low, 1);
  EXPECT_EQ(curve.high, 1);
}

TEST(RankTest, RatioIsTheMedianOfAllPairs) {
  const auto ratio = RankTest(1, 3).ratio(Values{10}, Values{12, 11, 20}, 0.05);
  EXPECT_DOUBLE_EQ(ratio.estimate, 1.2);
  EXPECT_EQ(ratio.low, 0);  // four values bear no bound at 5 %
  EXPECT_EQ(ratio.high, INFINITY);
}

TEST(RankTest, BoundsBelongToTheTest) {
  std::mt19937 random(3);
  std::lognormal_distribution<double> noise(0, 0.2);
  for (int repetition = 0; repetition < 200; ++repetition) {
    Values base(6);
    Values fresh(8);
    for (double& value : base) value = noise(random);
    for (double& value : fresh) value = noise(random);
    const RankTest test(6, 8);
    const double limit = 1.15;
    Values scaled = fresh;
    for (double& value : scaled) value /= limit;
    const bool told_below = test.chances(base, scaled).lower <= 0.05;
    EXPECT_EQ(test.ratio(base, fresh, 0.05).high < limit, told_below);
  }
}

// Of each of 2,000 draws; a share of 0.95 scatters by 0.005.
TEST(RankTest, BoundsHoldAsOftenAsTheyPromise) {
  std::mt19937 random(4);
  std::lognormal_distribution<double> noise(0, 0.3);
  constexpr double kTrue = 1.15;
  for (const std::size_t n : std::vector<std::size_t>{4, 5, 7, 10, 15}) {
    constexpr int kDraws = 2000;
    int held = 0;
    const RankTest test(n, n);
    for (int draw = 0; draw < kDraws; ++draw) {
      Values base(n);
      Values fresh(n);
      for (double& value : base) value = noise(random);
      for (double& value : fresh) value = noise(random) * kTrue;
      held += test.ratio(base, fresh, 0.05).high >= kTrue ? 1 : 0;
    }
    EXPECT_GT(held, kDraws * 0.935) << n;
    EXPECT_LT(held, kDraws * 0.995) << n;  // no bound is so wide that it always holds
  }
}

TEST(RankTest, WhatTookNoTimeTookLessThanATick) {
  const auto ratio = RankTest(1, 1).ratio(Values{0}, Values{2e-9}, 0.05);
  EXPECT_DOUBLE_EQ(ratio.estimate, 2);
}

TEST(Holm, RaisesTheSmallestMost) {
  EXPECT_THAT(holm(Values{0.01, 0.04, 0.03}), ElementsAre(DoubleEq(0.03), DoubleEq(0.06), DoubleEq(0.06)));
  EXPECT_THAT(holm(Values{0.5, 0.9}), ElementsAre(DoubleEq(1), DoubleEq(1)));
  EXPECT_THAT(holm(Values{}), testing::IsEmpty());
}

TEST(Median, IsTheMiddle) {
  EXPECT_EQ(median_of({3, 1, 2}), 2);
  EXPECT_EQ(median_of({4, 1, 2, 3}), 2.5);
  EXPECT_EQ(median_of({7}), 7);
}

TEST(NormalDistribution, KnowsItsQuantiles) {
  EXPECT_NEAR(normal_bound(0.05), 1.6448536, 1e-6);
  EXPECT_NEAR(normal_bound(0.5), 0, 1e-9);
  EXPECT_NEAR(normal_chance(1.959964), 0.025, 1e-7);
}

}  // namespace
}  // namespace pipeline::report
