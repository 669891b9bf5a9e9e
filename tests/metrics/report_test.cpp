#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/text.h"
#include "pipeline/metrics/run_files.h"

#include "csv_parser.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <random>

namespace pipeline::metrics {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Lines = std::vector<std::vector<std::string>>;

const RunInfo kRun{.run_id = "20261122T221620Z-1a2b",
                   .trace_id = "0af7651916cd43dd8448eb211c80319c",
                   .command = "sync",
                   .started_at = WallTime(1'795'385'780'064ms),
                   .exit_code = 3};

Row timer_row() {
  return {.kind = Kind::timer,
          .metric = "detail_fetch_seconds",
          .labels = {},
          .unit = "seconds",
          .count = 3,
          .sum = 0.6,
          .min = 0.00001,
          .mean = 0.2,
          .p50 = 0.1,
          .p95 = 0.5,
          .p99 = 0.5,
          .max = 0.500000001};
}

Row counter_row(std::string_view labels = "endpoint=detail;status=200") {
  Row row;
  row.metric = "api_requests_total";
  row.labels = parse_labels(labels);
  row.unit = "1";
  row.sum = 12345678901;
  return row;
}

Lines read_csv(const std::filesystem::path& path) {
  return test::CsvParser(read_file(path)).parse();
}

std::vector<std::string> files_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.push_back(entry.path().filename());
  return names;
}

TEST(RunCsv, HasARowAMetric) {
  const test::TempDir dir;
  const auto path = write_run_csv(dir / "metrics", kRun, {timer_row(), counter_row()});
  EXPECT_EQ(path, dir / "metrics/sync-20261122T221620Z-1a2b.csv");
  const std::string start = "20261122T221620Z-1a2b,0af7651916cd43dd8448eb211c80319c,sync,";
  EXPECT_EQ(read_file(path),
            "run_id,trace_id,command,kind,metric,labels,unit,count,sum,min,mean,p50,p95,p99,max,exit_code\r\n" + start +
                "timer,detail_fetch_seconds,,seconds,3,0.6,0.00001,0.2,0.1,0.5,0.5,0.500000001,3\r\n" + start +
                "counter,api_requests_total,endpoint=detail;status=200,1,,12345678901,,,,,,,3\r\n");
}

TEST(RunCsv, ATimerWithoutSamplesHasNoStatistics) {
  const test::TempDir dir;
  Row row = timer_row();
  row = {.kind = row.kind, .metric = row.metric, .labels = {}, .unit = row.unit};
  const Lines lines = read_csv(write_run_csv(dir.path(), kRun, {row}));
  EXPECT_THAT(std::vector(lines[1].begin() + 7, lines[1].end()), ElementsAre("0", "0", "", "", "", "", "", "", "3"));
}

TEST(RunCsv, NumbersReadBackAsTheyWere) {
  const test::TempDir dir;
  std::mt19937_64 random(4);
  std::vector<Row> rows(500, counter_row());
  for (Row& row : rows) row.sum = static_cast<double>(random() % 1'000'000'000'000) / 1e9;
  const Lines lines = read_csv(write_run_csv(dir.path(), kRun, rows));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string& text = lines[i + 1][8];
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    EXPECT_EQ(value, rows[i].sum) << text;
  }
}

TEST(RunCsv, AwkwardLabelsComeBackWhole) {
  const test::TempDir dir;
  for (const char* const labels : {"reason=a,b", "reason=\"quoted\"", "reason=two\nlines", "reason=cr\r\nlf",
                                   "reason=품절, \"재입고\" 예정", "reason=\"", " reason = x "}) {
    const Lines lines = read_csv(write_run_csv(dir.path(), kRun, {counter_row(labels), timer_row()}));
    ASSERT_THAT(lines, SizeIs(3));
    EXPECT_THAT(lines, Each(SizeIs(16)));
    EXPECT_EQ(lines[1][5], labels);
  }
}

TEST(RunCsv, LeavesNothingElseInTheFolder) {
  const test::TempDir dir;
  write_run_csv(dir.path(), kRun, {timer_row()});
  write_run_csv(dir.path(), kRun, {timer_row()});
  EXPECT_THAT(files_in(dir.path()), ElementsAre("sync-20261122T221620Z-1a2b.csv"));
}

TEST(RunCsv, NamesTheFolderItCouldNotMake) {
  const test::TempDir dir;
  std::ofstream(dir / "file") << "in the way";
  EXPECT_THROW(write_run_csv(dir / "file/metrics", kRun, {}), Error);
}

TEST(SamplesCsv, HasARowASampleWithAwkwardTags) {
  const test::TempDir dir;
  const test::FakeClock clock;
  Metrics metrics(clock, dir.path());
  const Timer timer = metrics.timer("detail_fetch_seconds");
  const std::vector<std::string> skus{"10000001", "a,b", "\"q\"", "two\r\nlines", "한글 상품 \"특가\", 1+1", ""};
  for (const std::string& sku : skus)
    metrics.record(timer, clock.now(), 1'500'000us, {.content_id = "POST,001", .sku = sku});

  const auto path = write_samples_csv(dir.path(), kRun, metrics);
  EXPECT_EQ(path.filename(), "sync-20261122T221620Z-1a2b-samples.csv");
  Lines lines = read_csv(path);
  EXPECT_THAT(lines.front(), ElementsAre("trace_id", "content_id", "sku", "metric", "started_at", "seconds"));
  ASSERT_THAT(lines, SizeIs(skus.size() + 1));
  for (std::size_t i = 0; i < skus.size(); ++i)
    EXPECT_THAT(lines[i + 1], ElementsAre(kRun.trace_id, "POST,001", skus[i], "detail_fetch_seconds",
                                          format_utc(clock.wall()), "1.5"));
}

TEST(SamplesCsv, HasEverySampleOfManyBlocks) {
  const test::TempDir dir;
  const test::FakeClock clock;
  Metrics metrics(clock, dir.path());
  const Timer timer = metrics.timer("detail_fetch_seconds");
  constexpr int kSamples = 10'000;
  for (int i = 0; i < kSamples; ++i) metrics.record(timer, clock.now(), 1ms, {.sku = std::to_string(i)});
  std::map<std::string, int> seen;
  for (const auto& line : read_csv(write_samples_csv(dir.path(), kRun, metrics))) ++seen[line[2]];
  EXPECT_EQ(seen.size(), std::size_t{kSamples} + 1);  // and the header
}

TEST(History, GathersTheRowsOfAllRuns) {
  const test::TempDir dir;
  append_history(dir.path(), kRun, {timer_row(), counter_row()});
  append_history(dir.path(), kRun, {counter_row()});
  const Lines lines = read_csv(dir / "history.csv");
  ASSERT_THAT(lines, SizeIs(4));
  EXPECT_THAT(lines, Each(SizeIs(17)));
  EXPECT_EQ(lines[0][0], "started_at");
  EXPECT_EQ(lines[0][1], "run_id");
  EXPECT_EQ(lines[3][0], "2026-11-22T22:16:20.064Z");
  EXPECT_EQ(lines[3][5], "api_requests_total");
}

TEST(History, ProcessesAppendWholeRuns) {
  const test::TempDir dir;
  constexpr int kProcesses = 6;
  constexpr int kRuns = 20;
  constexpr std::size_t kRows = 40;
  const auto append_runs = [&](int process) noexcept {  // what it throws ends the child, not the test in it
    RunInfo run = kRun;
    for (int i = 0; i < kRuns; ++i) {
      run.run_id = std::to_string(process) + "-" + std::to_string(i);
      append_history(dir.path(), run, std::vector<Row>(kRows, counter_row("reason=품절, 재입고")));
    }
  };
  for (int process = 0; process < kProcesses; ++process) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child > 0) continue;
    append_runs(process);
    ::_exit(0);
  }
  for (int process = 0; process < kProcesses; ++process) {
    int status = -1;
    ASSERT_GT(::wait(&status), 0);
    EXPECT_EQ(status, 0);
  }

  const Lines lines = read_csv(dir / "history.csv");
  ASSERT_THAT(lines, SizeIs(1 + kProcesses * kRuns * kRows));
  EXPECT_THAT(lines, Each(SizeIs(17)));
  for (std::size_t first = 1; first < lines.size(); first += kRows)
    for (std::size_t i = 0; i < kRows; ++i) ASSERT_EQ(lines[first + i][1], lines[first][1]) << "two runs are mixed";
}

TEST(History, ATornLastLineSpoilsNoOther) {
  const test::TempDir dir;
  append_history(dir.path(), kRun, {counter_row()});
  std::ofstream(dir / "history.csv", std::ios::app) << "2026-11-22T22:16:20.064Z,torn,by a power cu";
  append_history(dir.path(), kRun, {timer_row()});
  const Lines lines = read_csv(dir / "history.csv");
  ASSERT_THAT(lines, SizeIs(4));
  EXPECT_THAT(lines[1], SizeIs(17));
  EXPECT_THAT(lines[2], SizeIs(3));
  EXPECT_THAT(lines[3], SizeIs(17));
  EXPECT_EQ(lines[3][5], "detail_fetch_seconds");
}

}  // namespace
}  // namespace pipeline::metrics
