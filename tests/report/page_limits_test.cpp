#include "page_limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::report::page {
namespace {

using metrics::Limit;
using metrics::Measure;
using metrics::Rule;
using metrics::Statistic;
using testing::IsEmpty;

Rule rule(Statistic statistic, metrics::LabelList labels = {}, std::string command = "sync") {
  return {.set = "own",
          .name = "n",
          .command = std::move(command),
          .measure = {{"pace_wait_seconds", std::move(labels)}, statistic, {}},
          .limit = {Limit::Side::at_most, 0.3},
          .when = {}};
}

std::size_t drawn(const Rule& one, bool single = false) {
  const metrics::Budget budget{{one}};
  const TimeSeries stage{
      .metric = "pace_wait_seconds", .labels = {{"endpoint", "list"}}, .single = single, .points = {}};
  return limits_of(&budget, "sync", stage).size();
}

TEST(PageLimits, AreDrawnWhereTheirMetricAndStatisticAre) {
  EXPECT_EQ(drawn(rule(Statistic::p95)), 1u);
  EXPECT_EQ(drawn(rule(Statistic::max)), 1u);
  EXPECT_EQ(drawn(rule(Statistic::p95, {{"endpoint", "list"}})), 1u);
  EXPECT_EQ(drawn(rule(Statistic::p95, {{"endpoint", "detail"}})), 0u);
  EXPECT_EQ(drawn(rule(Statistic::p95, {}, "upsert")), 0u);
  EXPECT_EQ(drawn(rule(Statistic::rate)), 0u);
  EXPECT_EQ(drawn(rule(Statistic::count)), 0u);
}

// The sum of a hundred details does not stand on the axis of one.
TEST(PageLimits, OfASumAreDrawnOnlyWhereItIsTheValue) {
  EXPECT_EQ(drawn(rule(Statistic::sum), false), 0u);
  EXPECT_EQ(drawn(rule(Statistic::sum), true), 1u);
}

TEST(PageLimits, AreNotThereWithoutABudget) {
  EXPECT_THAT(limits_of(nullptr, "sync", TimeSeries{}), IsEmpty());
}

TEST(PageLimits, AreSaidWithTheirUnits) {
  const Rule one = rule(Statistic::p95, {{"endpoint", "list"}});
  EXPECT_EQ(formula(one.measure), "p95(pace_wait_seconds{endpoint=list})");
  EXPECT_EQ(limit_words(one.measure, one.limit).en, "≤ 300 ms");
  EXPECT_EQ(limit_words(one.measure, {Limit::Side::at_least, 600}).ko, "≥ 10분");
  const Measure refused{{"api_429_total", {}}, Statistic::ratio, metrics::Selector{"api_requests_total", {}}};
  EXPECT_EQ(formula(refused), "ratio(api_429_total / api_requests_total)");
  EXPECT_EQ(limit_words(refused, {Limit::Side::at_most, 0.01}).en, "≤ 1 %");
}

TEST(PageLimits, NeverLookLikeWhatWasMeasuredAboveThem) {
  const Rule one = rule(Statistic::p95);
  EXPECT_EQ(measured_words(one.measure, one.limit, 0.31).en, "310 ms");
  EXPECT_EQ(measured_words(one.measure, one.limit, 0.3001).en, "0.3001 s");
  EXPECT_EQ(measured_words(one.measure, one.limit, 0.3).en, "300 ms");
}

}  // namespace
}  // namespace pipeline::report::page
