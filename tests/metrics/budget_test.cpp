#include "pipeline/metrics/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::metrics {
namespace {

using Outcome = Verdict::Outcome;
using ::testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Row timer(std::string metric, std::uint64_t count, double each, std::string_view labels = "") {
  Row row{.kind = Kind::timer, .metric = std::move(metric), .labels = parse_labels(labels), .unit = "seconds"};
  row.count = count;
  if (count == 0) return row;
  row.sum = each * static_cast<double>(count);
  row.min = each / 2;
  row.mean = row.p50 = each;
  row.p95 = 2 * each;
  row.p99 = 3 * each;
  row.max = 4 * each;
  return row;
}

Row counter(std::string metric, double value, std::string_view labels = "") {
  return {
      .kind = Kind::counter, .metric = std::move(metric), .labels = parse_labels(labels), .unit = "1", .sum = value};
}

Rule rule(Measure measure, Limit limit) {
  return {.set = "plan", .name = "r", .command = "sync", .measure = std::move(measure), .limit = limit, .when = {}};
}

Measure of(std::string metric, Statistic statistic, LabelList labels = {}) {
  return {.of = {std::move(metric), std::move(labels)}, .statistic = statistic, .to = {}};
}

Measure divided(std::string metric, Statistic statistic, Selector to) {
  return {.of = {std::move(metric), {}}, .statistic = statistic, .to = std::move(to)};
}

constexpr Limit at_most(double value) {
  return {Limit::Side::at_most, value};
}

constexpr Limit at_least(double value) {
  return {Limit::Side::at_least, value};
}

class BudgetTest : public ::testing::Test {
 protected:
  Verdict verdict(const Rule& rule) const {
    const auto verdicts = judge({{rule}}, "sync", rows);
    if (verdicts.size() != 1) throw std::logic_error("one rule, one verdict");
    return verdicts.front();
  }
  double value(Measure measure) const { return verdict(rule(std::move(measure), at_most(0))).value.value(); }
  Outcome outcome(Measure measure, Limit limit) const { return verdict(rule(std::move(measure), limit)).outcome; }

  std::vector<Row> rows{
      timer("sync_total_seconds", 1, 50),
      timer("detail_fetch_seconds", 100, 0.1),
      timer("pace_wait_seconds", 10, 0.2, "endpoint=list"),
      timer("pace_wait_seconds", 5, 0.4, "endpoint=detail"),
      timer("pace_wait_seconds", 0, 0, "endpoint=token"),
      timer("zip_seconds", 0, 0),
      counter("listed_sku_total", 1000),
      counter("api_requests_total", 90, "endpoint=detail;status=200"),
      counter("api_requests_total", 10, "endpoint=detail;status=429"),
      counter("api_requests_total", 100, "endpoint=list;status=200"),
      counter("retry_total", 0),
      {.kind = Kind::gauge, .metric = "changed_sku_ratio", .labels = {}, .unit = "ratio", .sum = 0.25}};
};

TEST_F(BudgetTest, ReadsEachStatisticOfATimer) {
  const auto detail = [&](Statistic statistic) { return value(of("detail_fetch_seconds", statistic)); };
  EXPECT_DOUBLE_EQ(detail(Statistic::p50), 0.1);
  EXPECT_DOUBLE_EQ(detail(Statistic::p95), 0.2);
  EXPECT_DOUBLE_EQ(detail(Statistic::p99), 0.3);
  EXPECT_DOUBLE_EQ(detail(Statistic::max), 0.4);
  EXPECT_DOUBLE_EQ(detail(Statistic::min), 0.05);
  EXPECT_DOUBLE_EQ(detail(Statistic::sum), 10);
  EXPECT_DOUBLE_EQ(detail(Statistic::count), 100);
}

TEST_F(BudgetTest, AddsUpSeriesAndTakesTheWorstQuantile) {
  EXPECT_DOUBLE_EQ(value(of("pace_wait_seconds", Statistic::sum)), 4);
  EXPECT_DOUBLE_EQ(value(of("pace_wait_seconds", Statistic::count)), 15);
  EXPECT_DOUBLE_EQ(value(of("pace_wait_seconds", Statistic::p95)), 0.8);
  EXPECT_DOUBLE_EQ(value(of("pace_wait_seconds", Statistic::max)), 1.6);
  EXPECT_DOUBLE_EQ(value(of("pace_wait_seconds", Statistic::min)), 0.1);
}

TEST_F(BudgetTest, ChoosesSeriesByTheLabelsNamed) {
  EXPECT_DOUBLE_EQ(value(of("api_requests_total", Statistic::sum)), 200);
  EXPECT_DOUBLE_EQ(value(of("api_requests_total", Statistic::sum, {{"endpoint", "detail"}})), 100);
  EXPECT_DOUBLE_EQ(value(of("api_requests_total", Statistic::sum, {{"status", "429"}, {"endpoint", "detail"}})), 10);
  EXPECT_DOUBLE_EQ(value(of("pace_wait_seconds", Statistic::p95, {{"endpoint", "list"}})), 0.4);
}

TEST_F(BudgetTest, DividesSumsForARatioAndBySecondsForARate) {
  EXPECT_DOUBLE_EQ(value({.of = {"api_requests_total", {{"status", "429"}}},
                          .statistic = Statistic::ratio,
                          .to = Selector{"api_requests_total", {{"endpoint", "detail"}}}}),
                   0.1);
  EXPECT_DOUBLE_EQ(value(of("listed_sku_total", Statistic::rate)), 20) << "of the whole run";
  EXPECT_DOUBLE_EQ(value(divided("listed_sku_total", Statistic::rate, {"detail_fetch_seconds", {}})), 100);
  EXPECT_DOUBLE_EQ(value(of("detail_fetch_seconds", Statistic::rate)), 2) << "of a timer its count";
}

TEST_F(BudgetTest, ALimitIsKeptToItsEdge) {
  const Measure p95 = of("detail_fetch_seconds", Statistic::p95);
  const double edge = value(p95);
  EXPECT_EQ(outcome(p95, at_most(edge)), Outcome::kept);
  EXPECT_EQ(outcome(p95, at_most(std::nextafter(edge, 0))), Outcome::over);
  EXPECT_EQ(outcome(p95, at_least(edge)), Outcome::kept);
  EXPECT_EQ(outcome(p95, at_least(std::nextafter(edge, 1))), Outcome::over);
  EXPECT_EQ(outcome(of("changed_sku_ratio", Statistic::sum), at_most(0.2)), Outcome::over);
}

TEST_F(BudgetTest, WhatWasNotDoneIsNotApplicable) {
  const auto never = verdict(rule(of("zip_seconds", Statistic::p95), at_most(1)));
  EXPECT_EQ(never.outcome, Outcome::not_applicable);
  EXPECT_EQ(never.reason, "zip_seconds never ran");
  EXPECT_FALSE(never.value);
  const auto one = verdict(rule(of("pace_wait_seconds", Statistic::max, {{"endpoint", "token"}}), at_most(1)));
  EXPECT_EQ(one.reason, "pace_wait_seconds{endpoint=token} never ran");
  const auto ratio = verdict(rule(divided("api_requests_total", Statistic::ratio, {"retry_total", {}}), at_most(1)));
  EXPECT_EQ(ratio.outcome, Outcome::not_applicable);
  EXPECT_EQ(ratio.reason, "retry_total is 0");
  EXPECT_EQ(outcome(of("zip_seconds", Statistic::sum), at_most(0)), Outcome::kept) << "no time was spent";
  EXPECT_EQ(outcome(of("zip_seconds", Statistic::count), at_most(0)), Outcome::kept);
}

TEST_F(BudgetTest, WhatIsNotThereIsMissing) {
  const auto metric = verdict(rule(of("detail_fetch_secs", Statistic::p95), at_most(1)));
  EXPECT_EQ(metric.outcome, Outcome::missing);
  EXPECT_EQ(metric.reason, "the run has no metric detail_fetch_secs");
  const auto labels = verdict(rule(of("api_requests_total", Statistic::sum, {{"status", "500"}}), at_most(1)));
  EXPECT_EQ(labels.outcome, Outcome::missing);
  EXPECT_THAT(labels.reason, HasSubstr("api_requests_total{status=500}"));
  EXPECT_EQ(outcome(divided("retry_total", Statistic::ratio, {"requests_total", {}}), at_most(1)), Outcome::missing);
  EXPECT_EQ(outcome(divided("retry_total", Statistic::rate, {"listed_sku_total", {}}), at_most(1)), Outcome::missing);
  const auto kind = verdict(rule(of("listed_sku_total", Statistic::p95), at_most(1)));
  EXPECT_EQ(kind.outcome, Outcome::missing);
  EXPECT_EQ(kind.reason, "listed_sku_total is a counter, no timer");
}

TEST_F(BudgetTest, WithoutRowsNothingIsKept) {
  rows.clear();
  EXPECT_EQ(outcome(of("listed_sku_total", Statistic::sum), at_most(1e9)), Outcome::missing);
  EXPECT_EQ(outcome(of("listed_sku_total", Statistic::rate), at_least(0)), Outcome::missing);
}

TEST_F(BudgetTest, ARuleHoldsForItsCaseOnly) {
  Rule plan = rule(of("listed_sku_total", Statistic::rate), at_least(30));
  plan.when = {{of("listed_sku_total", Statistic::sum), at_least(1000)}};
  EXPECT_EQ(verdict(plan).outcome, Outcome::over);
  plan.when.push_back({of("changed_sku_ratio", Statistic::sum), at_least(0.5)});
  const auto other = verdict(plan);
  EXPECT_EQ(other.outcome, Outcome::not_applicable);
  EXPECT_EQ(other.reason, "changed_sku_ratio is 25 %, the rule is for ≥ 50 %");
  plan.when.back() = {of("zip_seconds", Statistic::p95), at_most(1)};
  EXPECT_EQ(verdict(plan).reason, "zip_seconds never ran");
}

TEST_F(BudgetTest, AMissingMetricIsToldEvenOfACaseThatDoesNotHold) {
  Rule plan = rule(of("listed_sku_total", Statistic::rate), at_least(1));
  plan.when = {{of("listed_sku_total", Statistic::sum), at_least(1e6)}, {of("typo_total", Statistic::sum), at_most(1)}};
  EXPECT_EQ(verdict(plan).outcome, Outcome::missing);
  plan.when.pop_back();
  EXPECT_EQ(verdict(plan).outcome, Outcome::not_applicable);
  plan.measure.of.metric = "typo_total";
  EXPECT_EQ(verdict(plan).outcome, Outcome::missing);
}

TEST_F(BudgetTest, NotANumberNeverPasses) {
  rows.push_back(counter("odd_total", kNaN));
  rows.push_back(timer("odd_seconds", 3, kNaN, "a=1"));
  rows.push_back(timer("odd_seconds", 3, 1, "a=2"));
  for (const Limit limit : {at_most(1e9), at_least(0)}) {
    EXPECT_EQ(outcome(of("odd_total", Statistic::sum), limit), Outcome::over);
    for (const Statistic statistic : {Statistic::p95, Statistic::min, Statistic::max})
      EXPECT_EQ(outcome(of("odd_seconds", statistic), limit), Outcome::over);
    Rule with_case = rule(of("listed_sku_total", Statistic::sum), at_most(1e9));
    with_case.when = {{of("odd_total", Statistic::sum), limit}};
    EXPECT_EQ(verdict(with_case).outcome, Outcome::missing);
  }
}

TEST_F(BudgetTest, JudgesTheRulesOfTheCommandInTheirOrder) {
  Rule first = rule(of("listed_sku_total", Statistic::sum), at_most(1));
  Rule other = first;
  other.command = "upsert";
  Rule last = first;
  last.name = "last";
  last.limit = at_least(1);
  const auto verdicts = judge({{first, other, last}}, "sync", rows);
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_EQ(verdicts[0].outcome, Outcome::over);
  EXPECT_EQ(verdicts[1].rule.name, "last");
  EXPECT_EQ(count(verdicts, Outcome::kept), 1U);
  EXPECT_EQ(count(verdicts, Outcome::missing), 0U);
}

TEST_F(BudgetTest, TheRateOfAQueueCommandIsOfItsOwnTimer) {
  rows.push_back(timer("queue_total_seconds", 1, 4));
  Rule queue = rule(of("listed_sku_total", Statistic::rate), at_least(250));
  queue.command = "queue claim";
  EXPECT_EQ(judge({{queue}}, "queue claim", rows).at(0).outcome, Outcome::kept);
}

}  // namespace
}  // namespace pipeline::metrics
