#include "report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::bench {
namespace {

TEST(Report, PoolsTheRoundsOfAGuardedFigureAndLeavesItsJudgementToTheBaseline) {
  Report report;
  report.add("first", "ours to bare", 3, "", near_baseline());
  report.add("first", "ours", 12, "ms");
  report.add("first", "ours to bare", 1000, "", near_baseline());
  report.add("rate", "rows", 7, "rows/s", near_baseline(Better::higher));
  const auto guarded = report.guarded();
  ASSERT_EQ(guarded.size(), 2U);
  EXPECT_THAT(guarded[0].values, testing::ElementsAre(3, 1000));
  EXPECT_EQ(guarded[1].better, Better::higher);
  EXPECT_TRUE(report.holds());
}

TEST(Report, ACountHasToBeExactEachTime) {
  Report report;
  report.add("first", "rows", 10, "", exactly(10));
  EXPECT_TRUE(report.holds());
  report.add("first", "rows", 11, "", exactly(10));
  report.add("first", "rows", 10, "", exactly(10));
  EXPECT_FALSE(report.holds());
}

}  // namespace
}  // namespace pipeline::bench
