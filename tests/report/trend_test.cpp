#include "pipeline/report/trend.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <vector>

namespace pipeline::report {
namespace {

using Series = std::vector<std::optional<double>>;
using Kind = Trend::Kind;

int rise(const std::vector<double>& values) {
  int rise = 0;
  for (std::size_t j = 1; j < values.size(); ++j)
    for (std::size_t i = 0; i < j; ++i) rise += values[i] < values[j] ? 1 : -1;
  return rise;
}

TEST(Trend, ChanceIsThatOfAllOrders) {
  std::mt19937 random(3);
  for (const std::size_t n : std::vector<std::size_t>{2, 3, 4, 5, 6, 7}) {
    std::vector<double> values(n);
    for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<double>(i);
    std::shuffle(values.begin(), values.end(), random);
    auto order = values;
    std::sort(order.begin(), order.end());
    double orders = 0;
    double steeper = 0;
    do {
      ++orders;
      steeper += rise(order) >= rise(values) ? 1 : 0;
    } while (std::next_permutation(order.begin(), order.end()));
    EXPECT_NEAR(chance_of_rise(values), steeper / orders, 1e-12) << n;
  }
}

TEST(Trend, NeedsFourValues) {
  EXPECT_EQ(trend_of(Series{1, 2, 3}).kind, Kind::too_few);
  EXPECT_EQ(trend_of(Series{1, std::nullopt, 2, std::nullopt, 3}).kind, Kind::too_few);
  EXPECT_EQ(trend_of(Series{1, 2, 3, 4}).kind, Kind::rising);
  EXPECT_EQ(trend_of(Series{4, 3, 2, 1}).kind, Kind::falling);
  EXPECT_EQ(trend_of(Series{1, 3, 2, 4}).kind, Kind::steady);
}

TEST(Trend, SlopeIsAShareOfTheMedianAStep) {
  EXPECT_NEAR(trend_of(Series{100, 102, 104, 106, 108}).per_step, 2.0 / 104, 1e-12);
  EXPECT_NEAR(trend_of(Series{100, std::nullopt, std::nullopt, 106, 108, 110}).per_step, 2.0 / 107, 1e-12);
}

TEST(Trend, AWildWeekDoesNotMoveIt) {
  const auto trend = trend_of(Series{100, 101, 102, 900, 104, 105, 106, 107, 108});
  EXPECT_NEAR(trend.per_step, 0.01, 0.001);
  EXPECT_EQ(trend.kind, Kind::rising);
}

TEST(Trend, EqualValuesAreSteady) {
  const auto trend = trend_of(Series{5, 5, 5, 5, 5});
  EXPECT_EQ(trend.kind, Kind::steady);
  EXPECT_EQ(trend.per_step, 0);
  EXPECT_EQ(trend_of(Series{0, 0, 0, 0}).kind, Kind::steady);
}

TEST(Trend, NoiseRisesInAtMostFiveOfAHundred) {
  std::mt19937 random(8);
  std::normal_distribution<double> noise(100, 10);
  for (const std::size_t weeks : std::vector<std::size_t>{5, 8, 26, 60}) {
    int rising = 0;
    for (int repetition = 0; repetition < 1000; ++repetition) {
      Series series(weeks);
      for (auto& value : series) value = noise(random);
      rising += trend_of(series).kind == Kind::rising ? 1 : 0;
    }
    EXPECT_LT(rising, 72) << weeks;  // 50 and three times their scatter
  }
}

}  // namespace
}  // namespace pipeline::report
