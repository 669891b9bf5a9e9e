#include "pipeline/metrics/run_files.h"

#include "pipeline/base/error.h"
#include "pipeline/base/text.h"

#include "support/fake_clock.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <tuple>
#include <utility>

namespace pipeline::metrics {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kHeader = "run_id,trace_id,command,kind,metric,labels,unit,count,sum,min,mean,p50,p95,p99,max\r\n";

class RunFiles : public ::testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(dir_ / name, std::ios::binary) << text;
    return dir_ / name;
  }
  [[nodiscard]] std::string fault_of(const std::string& text) const {
    try {
      (void)read_run_csv(write("run.csv", text));
      return {};
    } catch (const Error& e) {
      return e.what();
    }
  }
  std::vector<metrics::Run> history() {
    std::vector<metrics::Run> runs;
    for_each_run(
        dir_ / "history.csv", [&](metrics::Run&& run) { runs.push_back(std::move(run)); },
        [&](const std::string& fault) { faults_.push_back(fault); });
    return runs;
  }
  [[nodiscard]] RunInfo info(const std::string& id = "20261122T221620-4bf92f35") const {
    return {.run_id = id,
            .trace_id = "0af7651916cd43dd8448eb211c80319c",
            .command = "sync",
            .started_at = parse_utc("2026-11-22T22:16:20.064Z").value()};
  }

  test::TempDir dir_;
  std::vector<std::string> faults_;
};

std::vector<Row> awkward_rows() {
  std::vector<Row> rows{
      {.kind = Kind::timer,
       .metric = "x_seconds",
       .labels = {},
       .unit = "seconds",
       .count = 3,
       .sum = 0.6,
       .min = 0.1,
       .mean = 0.2,
       .p50 = 0.2,
       .p95 = 0.3,
       .p99 = 0.3,
       .max = 0.300000001},
      {.kind = Kind::timer, .metric = "never_seconds", .labels = {}, .unit = "seconds"},
      {.kind = Kind::gauge, .metric = "changed_sku_ratio", .labels = {}, .unit = "ratio", .sum = 1.0 / 3}};
  for (const char* const labels :
       {"reason=a,b", "reason=\"quoted\"", "reason=two\nlines", "reason=cr\r\nlf", "reason=품절"})
    rows.push_back(
        {.kind = Kind::counter, .metric = "y_total", .labels = parse_labels(labels), .unit = "1", .sum = 12345678901});
  return rows;
}

void expect_equal(const std::vector<Row>& read, const std::vector<Row>& written) {
  ASSERT_EQ(read.size(), written.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    const auto all = [](const Row& row) {
      return std::tie(row.kind, row.metric, row.labels, row.unit, row.count, row.sum, row.min, row.mean, row.p50,
                      row.p95, row.p99, row.max);
    };
    EXPECT_EQ(all(read[i]), all(written[i])) << i;
  }
}

TEST_F(RunFiles, ARunReadsBackAsItWas) {
  const auto rows = awkward_rows();
  const metrics::Run run = read_run_csv(write_run_csv(dir_.path(), info(), rows));
  expect_equal(run.rows, rows);
  EXPECT_EQ(run.info.run_id, "20261122T221620-4bf92f35");
  EXPECT_EQ(run.info.trace_id, info().trace_id);
  EXPECT_EQ(run.info.command, "sync");
  EXPECT_EQ(format_utc(run.info.started_at), "2026-11-22T22:16:20.000Z");
  EXPECT_EQ(read_run_csv(write_run_csv(dir_.path(), info("by hand"), rows)).info.started_at, WallTime());
}

TEST_F(RunFiles, ColumnsAreFoundByTheirNames) {
  const metrics::Run run =
      read_run_csv(write("run.csv",
                         "later,max,p99,p95,p50,mean,min,sum,count,unit,labels,metric,kind,command,trace_id,run_id\n"
                         "?,7,6,5,4,3,2,1,9,seconds,a=b,x_seconds,timer,sync,t,r\n"));
  ASSERT_THAT(run.rows, SizeIs(1));
  EXPECT_EQ(run.rows[0].max, 7);
  EXPECT_EQ(run.rows[0].count, 9);
  EXPECT_EQ(to_text(run.rows[0].labels), "a=b");
}

TEST_F(RunFiles, FaultsNameFileLineAndWhatIsWrong) {
  const std::string row = "r,t,sync,timer,x_seconds,,seconds,1,1,1,1,1,1,1,1\r\n";
  EXPECT_THAT(fault_of(""), HasSubstr("run.csv is no report of a run: it has no header"));
  EXPECT_THAT(fault_of("a,b\r\n"), HasSubstr("it has no column run_id"));
  EXPECT_THAT(fault_of(kHeader), HasSubstr("run.csv is empty"));
  EXPECT_THAT(fault_of(kHeader + row + "r,t,sync,timer,x_sec"), HasSubstr("run.csv:3: the line is torn"));
  EXPECT_THAT(fault_of(kHeader + row + "r,t,sync\r\n"), HasSubstr("run.csv:3: 3 cells instead of 15"));
  EXPECT_THAT(fault_of(kHeader + row + "q" + row), HasSubstr("run.csv:3: rows of two runs"));
  EXPECT_THAT(fault_of(kHeader + "r,t,sync,clock,x,,s,1,1,1,1,1,1,1,1\r\n"), HasSubstr("run.csv:2: there is no kind"));
  EXPECT_THAT(fault_of(kHeader + "r,t,sync,timer,x,,s,-1,1,1,1,1,1,1,1\r\n"),
              HasSubstr("count is no whole number: -1"));
  EXPECT_THAT(fault_of(kHeader + "r,t,sync,timer,x,,s,1,1,1,1,1x,1,1,1\r\n"), HasSubstr("p50 is no number: 1x"));
  EXPECT_THAT(fault_of(kHeader + "r,t,sync,timer,x,\"a\"b,s,1,1,1,1,1,1,1,1\r\n"),
              HasSubstr("run.csv:2: text behind a closing quote"));
  EXPECT_EQ(read_run_csv(write("run.csv", kHeader + "r,t,sync,timer,x,x=a\"b,s,1,1,1,1,1,1,1,1\r\n")).rows[0].labels,
            (LabelList{{"x", "a\"b"}}));
  EXPECT_THAT(fault_of(kHeader + row), IsEmpty());
}

TEST_F(RunFiles, AMissingFileOrAFolderIsAnError) {
  EXPECT_THROW((void)read_run_csv(dir_ / "none.csv"), Error);
  EXPECT_THROW((void)read_run_csv(dir_.path()), Error);
  EXPECT_THROW(for_each_run(
                   dir_ / "none.csv", [](metrics::Run&&) {}, [](const std::string&) {}),
               Error);
}

TEST_F(RunFiles, HistoryGivesRunAfterRun) {
  const auto rows = awkward_rows();
  append_history(dir_.path(), info("1"), rows);
  append_history(dir_.path(), info("2"), {rows[0]});
  const auto runs = history();
  ASSERT_THAT(runs, SizeIs(2));
  expect_equal(runs[0].rows, rows);
  EXPECT_EQ(runs[1].info.run_id, "2");
  EXPECT_EQ(format_utc(runs[1].info.started_at), "2026-11-22T22:16:20.064Z");
  EXPECT_THAT(faults_, IsEmpty());
}

TEST_F(RunFiles, HistoryGoesOnBehindATornLine) {
  append_history(dir_.path(), info("1"), {awkward_rows()[0]});
  for (const char* const torn :
       {"2026-11-22T22:16:20.064Z,torn", "2026-11-22T22:16:20.064Z,torn,t,sync,timer,\"open, "}) {
    std::ofstream(dir_ / "history.csv", std::ios::app) << torn;
    append_history(dir_.path(), info(std::string_view(torn).ends_with("torn") ? "2" : "3"),
                   {awkward_rows()[0], awkward_rows()[4]});
  }
  const auto runs = history();
  EXPECT_THAT(runs, SizeIs(3));
  EXPECT_THAT(faults_, ElementsAre(AllOf(HasSubstr("history.csv:3: "), HasSubstr("2 cells instead of 17")),
                                   HasSubstr("history.csv:6: ")));
}

TEST_F(RunFiles, AnOpenQuoteHoldsNoMoreThanAMegabyte) {
  append_history(dir_.path(), info("1"), {awkward_rows()[0]});
  std::ofstream(dir_ / "history.csv", std::ios::app) << "2026-11-22T22:16:20.064Z,\"torn\n";
  for (int i = 0; i < 200; ++i)
    append_history(dir_.path(), info(std::to_string(i + 2)), std::vector<Row>(60, awkward_rows()[0]));
  EXPECT_GT(std::filesystem::file_size(dir_ / "history.csv"), std::uintmax_t{1} << 20);
  EXPECT_THAT(history(), SizeIs(201));
  EXPECT_THAT(faults_, ElementsAre(HasSubstr("history.csv:3: the line is torn")));
}

TEST_F(RunFiles, SamplesReadBackAsTheyWere) {
  const test::FakeClock clock;
  Metrics metrics(clock, dir_.path());
  const Timer timer = metrics.timer("detail_fetch_seconds");
  const std::set<std::string> skus{"1", "a,b", "\"q\"", "two\r\nlines", "한글 상품 \"특가\", 1+1", ""};
  for (const std::string& sku : skus)
    metrics.record(timer, clock.now(), 1'500'000us, {.content_id = "POST", .sku = sku});
  const auto run_csv = write_run_csv(dir_.path(), info(), metrics.rows());
  EXPECT_EQ(samples_csv_of(run_csv), write_samples_csv(dir_.path(), info(), metrics));
  std::set<std::string> seen;
  for_each_sample(
      samples_csv_of(run_csv),
      [&](const Sample& sample) {
        EXPECT_EQ(sample.metric, "detail_fetch_seconds");
        EXPECT_EQ(sample.content_id, "POST");
        EXPECT_EQ(sample.started_at, clock.wall());
        EXPECT_EQ(sample.seconds, 1.5);
        seen.emplace(sample.sku);
      },
      [&](const std::string& fault) { faults_.push_back(fault); });
  EXPECT_EQ(seen, skus);
  EXPECT_THAT(faults_, IsEmpty());
}

TEST_F(RunFiles, BrokenSamplesAreTold) {
  const auto file = write("x-samples.csv",
                          "trace_id,content_id,sku,metric,started_at,seconds\r\nt,,1,x,2026-11-22T22:16:20.064Z,1\r\n"
                          "t,,2,x,soon,1\r\nt,,3,x,2026-11-22T22:16:20.064Z,\r\nt,,4,x,2026-11-22T22:16:20.064Z,2\r\n");
  int seen = 0;
  for_each_sample(
      file, [&](const Sample&) { ++seen; }, [&](const std::string& fault) { faults_.push_back(fault); });
  EXPECT_EQ(seen, 2);
  EXPECT_THAT(faults_, ElementsAre(HasSubstr("x-samples.csv:3: "), HasSubstr("x-samples.csv:4: ")));
}

}  // namespace
}  // namespace pipeline::metrics
