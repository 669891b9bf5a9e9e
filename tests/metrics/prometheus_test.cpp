#include "pipeline/base/file.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/metrics/report.h"

#include "exposition_parser.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <tuple>

namespace pipeline::metrics {
namespace {

using namespace std::chrono_literals;
using Labels = std::map<std::string, std::string>;

class PrometheusTest : public ::testing::Test {
 protected:
  // Registered so that the series of a name do not follow one another.
  void fill() {
    metrics.counter("api_requests_total", {{"endpoint", "list"}, {"status", "200"}}).add(3);
    const Timer timer = metrics.timer("detail_fetch_seconds");
    for (int i = 1; i <= 100; ++i) metrics.record(timer, clock.now(), i * 10ms);
    std::ignore = metrics.timer("zip_seconds");
    metrics.counter("api_requests_total", {{"endpoint", "detail"}, {"status", "429"}}).add(5'000'000'000);
    metrics.gauge("changed_sku_ratio").set(0.0625);
    metrics.counter("package_size_bytes", {{"package", "naver"}}).add(7);
    metrics.counter("odd_total", {{"reason", kOdd}, {"b", ""}}).add();
    metrics.gauge("endless_ratio").set(-INFINITY);
  }

  std::string write() {
    const RunInfo run{.run_id = "r1", .trace_id = "t1", .command = "sync", .started_at = clock.wall()};
    write_prometheus(file, run, metrics.rows(), {.at = clock.wall() + 90'500ms, .exit_code = 3, .verdicts = verdicts});
    return read_file(file);
  }

  static constexpr const char* kOdd = "a\"b\\c\nd;e=f,한글";
  test::TempDir dir;
  test::FakeClock clock;
  Metrics metrics{clock, dir.path()};
  Verdicts verdicts;
  std::filesystem::path file = dir / "pipeline.prom";
};

TEST_F(PrometheusTest, IsReadBackByAStrictParser) {
  fill();
  const test::ExpositionParser parsed(write());
  EXPECT_EQ(parsed.types().at("pipeline_api_requests_total"), "counter");
  EXPECT_EQ(parsed.types().at("pipeline_detail_fetch_seconds"), "summary");
  EXPECT_EQ(parsed.types().at("pipeline_changed_sku_ratio"), "gauge");
  EXPECT_EQ(parsed.types().at("pipeline_package_size_bytes"), "gauge");

  const auto value = [&](const char* name, Labels labels) {
    labels.emplace("command", "sync");
    return parsed.value({name, std::move(labels)});
  };
  EXPECT_EQ(value("pipeline_api_requests_total", {{"endpoint", "list"}, {"status", "200"}}), 3);
  EXPECT_EQ(value("pipeline_api_requests_total", {{"endpoint", "detail"}, {"status", "429"}}), 5e9);
  EXPECT_EQ(value("pipeline_detail_fetch_seconds", {{"quantile", "0.5"}}), 0.5);
  EXPECT_EQ(value("pipeline_detail_fetch_seconds", {{"quantile", "0.95"}}), 0.95);
  EXPECT_EQ(value("pipeline_detail_fetch_seconds", {{"quantile", "0.99"}}), 0.99);
  EXPECT_EQ(value("pipeline_detail_fetch_seconds_sum", {}), 50.5);
  EXPECT_EQ(value("pipeline_detail_fetch_seconds_count", {}), 100);
  EXPECT_EQ(value("pipeline_changed_sku_ratio", {}), 0.0625);
  EXPECT_EQ(value("pipeline_odd_total", {{"reason", kOdd}, {"b", ""}}), 1);
  EXPECT_EQ(value("pipeline_endless_ratio", {}), -INFINITY);
}

TEST_F(PrometheusTest, ATimerWithoutSamplesHasNoQuantile) {
  fill();
  const test::ExpositionParser parsed(write());
  EXPECT_TRUE(std::isnan(parsed.value({"pipeline_zip_seconds", {{"command", "sync"}, {"quantile", "0.5"}}})));
  EXPECT_EQ(parsed.value({"pipeline_zip_seconds_count", {{"command", "sync"}}}), 0);
}

TEST_F(PrometheusTest, TellsHowTheRunEnded) {
  const test::ExpositionParser parsed(write());
  const Labels labels{{"command", "sync"}};
  EXPECT_EQ(parsed.value({"pipeline_last_run_timestamp_seconds", labels}),
            to_seconds((clock.wall() + 90'500ms).time_since_epoch()));
  EXPECT_EQ(parsed.value({"pipeline_last_run_duration_seconds", labels}), 90.5);
  EXPECT_EQ(parsed.value({"pipeline_last_run_exit_code", labels}), 3);
}

TEST_F(PrometheusTest, NamesNoProduct) {
  metrics.record(metrics.timer("detail_fetch_seconds"), clock.now(), 1s, {.content_id = "POST001", .sku = "10000001"});
  EXPECT_THAT(write(), ::testing::Not(::testing::HasSubstr("POST001")));
  EXPECT_THAT(write(), ::testing::Not(::testing::HasSubstr("10000001")));
}

TEST_F(PrometheusTest, TellsOfTheBudgetOnlyWhereThereIsOne) {
  EXPECT_THAT(write(), ::testing::Not(::testing::HasSubstr("pipeline_budget")));
  const auto add = [&](const char* rule, Verdict::Outcome outcome) {
    Verdict& verdict = verdicts.emplace_back();
    verdict.outcome = outcome;
    verdict.rule.set = "plan";
    verdict.rule.name = rule;
  };
  add("a detail", Verdict::Outcome::kept);
  add(kOdd, Verdict::Outcome::over);
  add("many products", Verdict::Outcome::not_applicable);
  const test::ExpositionParser parsed(write());
  const auto rules = [&](const char* outcome) {
    return parsed.value({"pipeline_budget_rules", {{"command", "sync"}, {"outcome", outcome}}});
  };
  EXPECT_EQ(rules("kept"), 1);
  EXPECT_EQ(rules("over"), 1);
  EXPECT_EQ(rules("not_applicable"), 1);
  EXPECT_EQ(rules("missing"), 0);
  const auto kept = [&](const char* rule) {
    return parsed.value({"pipeline_budget_rule_kept", {{"command", "sync"}, {"set", "plan"}, {"rule", rule}}});
  };
  EXPECT_EQ(kept("a detail"), 1);
  EXPECT_EQ(kept(kOdd), 0);
  EXPECT_ANY_THROW(kept("many products"));
}

TEST_F(PrometheusTest, ABudgetOfWhichNothingAppliesHasNoEmptyFamily) {
  verdicts.emplace_back().outcome = Verdict::Outcome::not_applicable;
  EXPECT_THAT(write(), ::testing::Not(::testing::HasSubstr("pipeline_budget_rule_kept")));
}

TEST_F(PrometheusTest, PassesPromtool) {
  if (std::system("command -v promtool >/dev/null") != 0) GTEST_SKIP() << "promtool is not installed";
  fill();
  verdicts.emplace_back().outcome = Verdict::Outcome::over;
  write();
  EXPECT_EQ(std::system(("promtool check metrics < " + file.string()).c_str()), 0) << read_file(file);
}

}  // namespace
}  // namespace pipeline::metrics
