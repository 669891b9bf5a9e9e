#include "pipeline/base/text.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/metrics/report.h"

#include "support/fake_clock.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <tuple>

namespace pipeline::metrics {
namespace {

using namespace std::chrono_literals;

class TableTest : public ::testing::Test {
 protected:
  test::TempDir dir;
  test::FakeClock clock;
  Metrics metrics{clock, dir.path()};
};

TEST_F(TableTest, ShowsStagesThenCountersThenGauges) {
  metrics.counter("api_requests_total", {{"endpoint", "detail"}, {"status", "200"}}).add(10'000);
  metrics.record(metrics.timer("sync_total_seconds"), clock.now(), 2505s);
  const Timer detail = metrics.timer("detail_fetch_seconds");
  for (int i = 1; i <= 10'000; ++i) metrics.record(detail, clock.now(), i * 100us);
  std::ignore = metrics.timer("zip_seconds");
  metrics.record(metrics.timer("db_upsert_seconds", {{"batch", "품절"}}), clock.now(), 87us);
  metrics.gauge("changed_sku_ratio").set(1.0 / 3);
  metrics.counter("api_429_total").add(0);

  EXPECT_EQ(format_table(metrics.rows()),
            "stage                   count        p50        p95        p99       mean        max\n"
            "sync_total                  1  41 m 45 s  41 m 45 s  41 m 45 s  41 m 45 s  41 m 45 s\n"
            "detail_fetch           10,000     500 ms     950 ms     990 ms     500 ms     1.00 s\n"
            "db_upsert{batch=품절}       1      87 µs      87 µs      87 µs      87 µs      87 µs\n"
            "\n"
            "counter                                          value\n"
            "api_requests_total{endpoint=detail;status=200}  10,000\n"
            "\n"
            "gauge               value\n"
            "changed_sku_ratio  0.3333\n");
}

TEST_F(TableTest, FitsATerminal) {
  const std::string name(80, 'n');
  metrics.record(metrics.timer(name + "_seconds", {{"label", "값"}}), clock.now(), 59min);
  metrics.counter(name, {{"label", std::string(50, 'v')}}).add(1'000'000'000'000);
  std::istringstream lines(format_table(metrics.rows()));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 100U) << line;
}

TEST_F(TableTest, IsEmptyWithoutMeasurements) {
  std::ignore = metrics.timer("zip_seconds");
  EXPECT_EQ(format_table(metrics.rows()), "");
}

}  // namespace
}  // namespace pipeline::metrics
