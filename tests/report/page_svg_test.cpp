#include "svg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace pipeline::report::page {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::Le;
using testing::SizeIs;

constexpr WallTime kMonday{std::chrono::milliseconds(1'763'920'800'000)};  // 2025-11-24 03:00 KST

std::vector<std::string> labels(WallTime first, WallTime last) {
  std::vector<std::string> out;
  for (const auto& tick : time_ticks(first, last, 5)) out.push_back(tick.label);
  return out;
}

TEST(PageScale, BeginsAtZeroWithRoundTicks) {
  const Scale scale = value_scale(0.1, 0.27);
  EXPECT_FALSE(scale.logarithmic);
  EXPECT_THAT(scale.ticks, ElementsAre(0, testing::DoubleEq(0.1), testing::DoubleEq(0.2), testing::DoubleEq(0.3)));
  EXPECT_DOUBLE_EQ(scale.at(0.15), 0.5);
  EXPECT_EQ(scale.at(7), 1) << "nothing is drawn outside";
}

TEST(PageScale, CountsMinutesAboveOne) {
  EXPECT_THAT(value_scale(100, 500).ticks, ElementsAre(0, 300, 600));
  EXPECT_THAT(value_scale(3000, 9000).ticks, ElementsAre(0, 3600, 7200, 10800));
}

TEST(PageScale, IsLogarithmicBeyondTwentyTimes) {
  EXPECT_FALSE(value_scale(0.01, 0.2).logarithmic);
  EXPECT_TRUE(value_scale(0.01, 0.21).logarithmic);
  const Scale scale = value_scale(0.01, 9);
  EXPECT_TRUE(scale.logarithmic);
  EXPECT_EQ(scale.low, 0.01);
  EXPECT_NEAR(scale.at(0.1), 1.0 / 3, 1e-9);
  EXPECT_EQ(scale.at(0), 0);
}

// Whatever the values, there are two to six ticks, and no value is outside.
TEST(PageScale, HoldsAnyValues) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> decade(-7, 5);
  for (int i = 0; i < 2000; ++i) {
    double least = std::pow(10, decade(random)), most = std::pow(10, decade(random));
    if (least > most) std::swap(least, most);
    const Scale scale = value_scale(least, most);
    EXPECT_GE(scale.ticks.size(), 2u) << least << ' ' << most;
    EXPECT_LE(scale.ticks.size(), 6u) << least << ' ' << most;
    EXPECT_GE(scale.high, most * 0.999);
    EXPECT_LE(scale.low, least);
    for (const double tick : scale.ticks) EXPECT_TRUE(scale.low <= tick && tick <= scale.high * 1.0001);
  }
}

TEST(PageTicks, StandAtRoundTimesOfKorea) {
  EXPECT_THAT(labels(kMonday, kMonday + seconds(14)), ElementsAre("03:00:00", "03:00:05", "03:00:10"));
  EXPECT_THAT(labels(kMonday, kMonday + hours(8)), ElementsAre("03:00", "06:00", "09:00"));
  EXPECT_THAT(labels(kMonday, kMonday + days(4)), ElementsAre("11-25", "11-26", "11-27", "11-28"));
  EXPECT_THAT(labels(kMonday, kMonday + days(364)), ElementsAre("2026-01", "2026-04", "2026-07", "2026-10"));
  EXPECT_THAT(labels(kMonday, kMonday), ElementsAre("11-24 03:00"));
}

TEST(PageTicks, AreNeitherManyNorNone) {
  for (std::int64_t span = 3; span < 20LL * 366 * 86400; span = span * 5 / 4 + 1) {
    const auto ticks = time_ticks(kMonday, kMonday + seconds(span), 5);
    EXPECT_THAT(ticks, SizeIs(testing::AllOf(testing::Ge(1u), Le(5u)))) << span;
    for (const auto& tick : ticks) EXPECT_TRUE(kMonday <= tick.at && tick.at <= kMonday + seconds(span)) << span;
  }
}

TEST(PagePath, IsShort) {
  Path path;
  path.move(1, 2.04);
  path.line(3.25, -4);
  path.close();
  EXPECT_EQ(path.text(), "M1 2L3.3-4Z");
}

}  // namespace
}  // namespace pipeline::report::page
