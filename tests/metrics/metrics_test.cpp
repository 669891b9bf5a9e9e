#include "pipeline/metrics/metrics.h"

#include "pipeline/base/error.h"
#include "pipeline/metrics/quantile.h"

#include "support/fake_clock.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <thread>
#include <tuple>

namespace pipeline::metrics {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int kMoreThanABlock = 5000;

class MetricsTest : public ::testing::Test {
 protected:
  [[nodiscard]] Row row(std::string_view metric) const {
    const auto rows = metrics.rows();
    const auto found = std::ranges::find(rows, metric, &Row::metric);
    if (found == rows.end()) throw std::runtime_error("no such metric");
    return *found;
  }

  test::TempDir scratch;
  test::FakeClock clock;
  Metrics metrics{clock, scratch.path()};
};

TEST_F(MetricsTest, TimesAScope) {
  const Timer timer = metrics.timer("detail_fetch_seconds");
  {
    const auto timed = metrics.time(timer);
    clock.advance(1500ms);
  }
  const Row timed = row("detail_fetch_seconds");
  EXPECT_EQ(timed.kind, Kind::timer);
  EXPECT_EQ(timed.unit, "seconds");
  EXPECT_EQ(timed.count, 1U);
  for (const double statistic : {timed.sum, timed.min, timed.mean, timed.p50, timed.p95, timed.p99, timed.max})
    EXPECT_EQ(statistic, 1.5);
}

TEST_F(MetricsTest, KeepsTheTagsAndTheStartOfEverySample) {
  const Timer timer = metrics.timer("package_build_seconds");
  const WallTime start = clock.wall() + 250ms;
  clock.advance(250ms);
  {
    const auto timed = metrics.time(timer, {.content_id = "POST001", .sku = "10000001"});
    clock.advance(2s);
  }
  metrics.record(timer, clock.now(), 1ns);
  std::vector<std::tuple<std::string, std::string, std::string, WallTime, double>> samples;
  metrics.for_each_sample([&](const Sample& sample) {
    samples.emplace_back(sample.metric, sample.content_id, sample.sku, sample.started_at, sample.seconds);
  });
  EXPECT_THAT(samples, ElementsAre(std::tuple("package_build_seconds", "POST001", "10000001", start, 2.0),
                                   std::tuple("package_build_seconds", "", "", start + 2s, 1e-9)));
}

TEST_F(MetricsTest, KeepsTagsOfAnyLengthWhole) {
  const Timer timer = metrics.timer("detail_fetch_seconds");
  std::map<std::string, int> expected;
  for (const std::size_t length : {1U, 40U, 41U, 255U, 256U, 4096U, 30'000U, 65'000U}) {
    const std::string sku(length, static_cast<char>('a' + length % 26));
    metrics.record(timer, clock.now(), 1ns, {.sku = sku});
    ++expected[sku];
  }
  std::map<std::string, int> seen;
  metrics.for_each_sample([&](const Sample& sample) { ++seen[std::string(sample.sku)]; });
  EXPECT_EQ(seen, expected);
}

TEST_F(MetricsTest, CountsASampleThatFitsNoBlockAsLost) {
  metrics.record(metrics.timer("detail_fetch_seconds"), clock.now(), 1ns, {.sku = std::string(70'000, 'x')});
  EXPECT_EQ(row("detail_fetch_seconds").count, 0U);
  EXPECT_EQ(row("metrics_samples_lost_total").sum, 1);
  EXPECT_EQ(to_text(row("metrics_samples_lost_total").labels), "reason=Message too long");
}

TEST_F(MetricsTest, ATimerWithoutSamplesIsARow) {
  std::ignore = metrics.timer("zip_seconds");
  EXPECT_EQ(row("zip_seconds").count, 0U);
  EXPECT_EQ(row("zip_seconds").sum, 0);
  EXPECT_THAT(Metrics(clock, scratch.path()).rows(), IsEmpty());
}

TEST_F(MetricsTest, NeverTakesANegativeTime) {
  metrics.record(metrics.timer("zip_seconds"), clock.now(), -5s);
  EXPECT_EQ(row("zip_seconds").max, 0);
}

TEST_F(MetricsTest, CountersAndGaugesFillTheSumOnly) {
  Counter counter = metrics.counter("retry_total");
  counter.add();
  counter.add(41);
  metrics.gauge("changed_sku_ratio").set(0.125);
  EXPECT_EQ(counter.value(), 42U);
  EXPECT_EQ(row("retry_total").sum, 42);
  EXPECT_EQ(row("retry_total").count, 0U);
  EXPECT_EQ(row("retry_total").unit, "1");
  EXPECT_EQ(row("changed_sku_ratio").sum, 0.125);
  EXPECT_EQ(row("changed_sku_ratio").unit, "ratio");
}

TEST_F(MetricsTest, OneNameAndLabelSetIsOneMetric) {
  metrics.counter("api_requests_total", {{"endpoint", "list"}, {"status", "200"}}).add(1);
  std::ignore = metrics.timer("list_fetch_seconds");
  metrics.counter("api_requests_total", {{"endpoint", "list"}, {"status", "429"}}).add(2);
  metrics.counter("api_requests_total", {{"endpoint", "list"}, {"status", "200"}}).add(4);
  std::vector<std::tuple<std::string, std::string, double>> rows;
  for (const Row& each : metrics.rows()) rows.emplace_back(each.metric, to_text(each.labels), each.sum);
  EXPECT_THAT(rows, ElementsAre(std::tuple("api_requests_total", "endpoint=list;status=200", 5.0),
                                std::tuple("list_fetch_seconds", "", 0.0),
                                std::tuple("api_requests_total", "endpoint=list;status=429", 2.0)));
}

TEST_F(MetricsTest, LabelTextTellsLabelSetsApart) {
  metrics.counter("x_total", {{"a", "1;b=2"}}).add();
  metrics.counter("x_total", {{"a", "1"}, {"b", "2"}}).add();
  EXPECT_EQ(metrics.rows().size(), 2U);
  EXPECT_EQ(to_text(metrics.rows()[0].labels), "a=1\\;b=2");
}

TEST_F(MetricsTest, RefusesWhatTheReportsCouldNotName) {
  EXPECT_THROW(std::ignore = metrics.timer("1st_seconds"), Error);
  EXPECT_THROW(std::ignore = metrics.timer(""), Error);
  EXPECT_THROW(std::ignore = metrics.counter("x_total", {{"end-point", ""}}), Error);
  EXPECT_THROW(std::ignore = metrics.counter("x_total", {{"command", ""}}), Error);
  EXPECT_THROW(std::ignore = metrics.counter("x_total", {{"a", "1"}, {"a", "2"}}), Error);
  EXPECT_THROW(std::ignore = metrics.counter("x_total", {{"a", "\xff"}}), Error);
  std::ignore = metrics.counter("x_total");
  EXPECT_THROW(std::ignore = metrics.gauge("x_total", {{"a", "1"}}), Error);
}

TEST_F(MetricsTest, QuantilesAreExactOverManyBlocks) {
  const Timer list = metrics.timer("list_fetch_seconds");
  const Timer detail = metrics.timer("detail_fetch_seconds");
  std::mt19937_64 random(3);
  std::vector<double> expected;
  for (int i = 0; i < 4 * kMoreThanABlock; ++i) {
    const Nanoseconds took(static_cast<std::int64_t>(random() % 5'000'000'000));
    expected.push_back(to_seconds(took));
    metrics.record(detail, clock.now(), took, {.sku = "10000001"});
    metrics.record(list, clock.now(), 7ns);
  }
  std::ranges::sort(expected);
  const Row details = row("detail_fetch_seconds");
  EXPECT_EQ(details.count, expected.size());
  EXPECT_EQ(details.min, expected.front());
  EXPECT_EQ(details.p50, nearest_rank(expected, 0.50));
  EXPECT_EQ(details.p95, nearest_rank(expected, 0.95));
  EXPECT_EQ(details.p99, nearest_rank(expected, 0.99));
  EXPECT_EQ(details.max, expected.back());
  EXPECT_EQ(row("list_fetch_seconds").p99, 7e-9);
}

TEST_F(MetricsTest, ThreadsRecordWithoutLosingAnything) {
  constexpr int kThreads = 8;
  const Timer timer = metrics.timer("detail_fetch_seconds");
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      Counter counter = metrics.counter("api_requests_total");
      const std::string sku = std::to_string(t);
      for (int i = 0; i < kMoreThanABlock; ++i) {
        metrics.record(timer, clock.now(), Nanoseconds(i), {.sku = sku});
        counter.add();
      }
    });
  for (auto& thread : threads) thread.join();

  std::map<std::string, int> samples;
  metrics.for_each_sample([&](const Sample& sample) { ++samples[std::string(sample.sku)]; });
  ASSERT_EQ(samples.size(), std::size_t{kThreads});
  for (const auto& [sku, count] : samples) EXPECT_EQ(count, kMoreThanABlock) << "thread " << sku;
  const Row timed = row("detail_fetch_seconds");
  EXPECT_EQ(timed.count, std::uint64_t{kThreads} * kMoreThanABlock);
  EXPECT_DOUBLE_EQ(timed.sum, kThreads * (kMoreThanABlock * (kMoreThanABlock - 1.0) / 2) / 1e9);
  EXPECT_EQ(row("api_requests_total").sum, kThreads * kMoreThanABlock);
}

TEST_F(MetricsTest, ThreadsThatFollowOneAnotherAreAllCounted) {
  const Timer timer = metrics.timer("detail_fetch_seconds");
  for (int i = 0; i < 50; ++i) std::thread([&] { metrics.record(timer, clock.now(), 1s); }).join();
  EXPECT_EQ(row("detail_fetch_seconds").count, 50U);
}

TEST_F(MetricsTest, InstancesDoNotMix) {
  Metrics other(clock, scratch.path());
  const Timer here = metrics.timer("a_seconds");
  const Timer there = other.timer("b_seconds");
  for (int i = 0; i < kMoreThanABlock; ++i) {
    metrics.record(here, clock.now(), 1s);
    other.record(there, clock.now(), 2s);
    other.record(there, clock.now(), 2s);
  }
  ASSERT_EQ(other.rows().size(), 1U);
  EXPECT_EQ(row("a_seconds").count, std::uint64_t{kMoreThanABlock});
  EXPECT_EQ(other.rows().front().count, 2 * std::uint64_t{kMoreThanABlock});
  EXPECT_EQ(other.rows().front().max, 2);
}

TEST_F(MetricsTest, AnInstanceAtTheSameAddressStartsEmpty) {
  std::optional<Metrics> again;
  for (std::uint64_t i = 1; i <= 5; ++i) {
    again.emplace(clock, scratch.path());
    const Timer timer = again->timer("a_seconds");
    EXPECT_EQ(again->rows().front().count, 0U);
    for (std::uint64_t n = 0; n < i; ++n) again->record(timer, clock.now(), 1s);
    EXPECT_EQ(again->rows().front().count, i);
  }
}

TEST_F(MetricsTest, LeavesNoFileBehindEvenWhileItRuns) {
  const Timer timer = metrics.timer("a_seconds");
  for (int i = 0; i < kMoreThanABlock; ++i) metrics.record(timer, clock.now(), 1s);
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path()));
}

TEST_F(MetricsTest, NamesTheFolderThatTakesNoFile) {
  try {
    const Metrics nowhere(clock, scratch / "missing");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr((scratch / "missing").string()));
  }
}

}  // namespace
}  // namespace pipeline::metrics
