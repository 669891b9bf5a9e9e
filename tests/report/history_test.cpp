#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/text.h"
#include "pipeline/metrics/run_files.h"
#include "pipeline/report/iso_week.h"
#include "pipeline/report/weeks.h"

#include "made_runs.h"
#include "metrics/csv_parser.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

namespace pipeline::report {
namespace {

using test::counter;
using test::stage;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;
using testing::SizeIs;

constexpr auto kNone = std::nullopt;

class HistoryTest : public ::testing::Test {
 protected:
  void append(const std::string& started_at, std::vector<metrics::Row> rows, const std::string& command = "sync",
              std::optional<int> exit_code = std::nullopt) {
    metrics::append_history(dir_.path(),
                            {.run_id = std::to_string(runs_++),
                             .trace_id = "0af7651916cd43dd8448eb211c80319c",
                             .command = command,
                             .started_at = parse_utc(started_at).value(),
                             .exit_code = exit_code},
                            rows);
  }

  // Of the week of Monday the 4th of January 2027, the first after a year with 53 weeks.
  [[nodiscard]] Weeks read(int weeks = 4, const std::string& statistic = "p50", const std::string& command = "") {
    return read_weeks(
        dir_ / "history.csv",
        {.now = parse_utc("2027-01-06T10:00:00Z").value(), .weeks = weeks, .command = command, .statistic = statistic},
        [this](const std::string& fault) { faults_.push_back(fault); });
  }

  test::TempDir dir_;
  std::vector<std::string> faults_;

 private:
  int runs_ = 0;
};

std::vector<std::string> names(const Weeks& history) {
  std::vector<std::string> names;
  for (const auto monday : history.weeks) names.push_back(week_name(monday));
  return names;
}

TEST_F(HistoryTest, WeeksGoOverTheEndOfAYear) {
  append("2026-12-31T23:00:00Z", {stage("x_seconds", 2)});
  append("2027-01-03T23:59:59.999Z", {stage("x_seconds", 4)});
  append("2027-01-04T00:00:00Z", {stage("x_seconds", 9)});
  const Weeks history = read();
  EXPECT_THAT(names(history), ElementsAre("2026-W51", "2026-W52", "2026-W53", "2027-W01"));
  ASSERT_THAT(history.sections, SizeIs(1));
  EXPECT_THAT(history.sections[0].runs, ElementsAre(0, 0, 2, 1));
  ASSERT_THAT(history.sections[0].stages, SizeIs(1));
  EXPECT_THAT(history.sections[0].stages[0].values, ElementsAre(kNone, kNone, Optional(3.0), Optional(9.0)));
  EXPECT_EQ(history.runs, 3);
}

TEST_F(HistoryTest, TakesTheMedianOfAWeek) {
  for (const double p50 : {1.0, 100.0, 3.0}) append("2027-01-05T00:00:00Z", {stage("x_seconds", p50)});
  EXPECT_THAT(read(1).sections[0].stages[0].values, ElementsAre(Optional(3.0)));
  EXPECT_THAT(read(1, "p99").sections[0].stages[0].values, ElementsAre(Optional(4.5)));
  EXPECT_THAT(read(1, "count").sections[0].stages[0].values, ElementsAre(Optional(1000.0)));
  EXPECT_THROW((void)read(1, "p90"), UsageError);
}

TEST_F(HistoryTest, AStageThatDidNotRunIsAGap) {
  append("2026-12-30T00:00:00Z", {stage("x_seconds", 1), stage("y_seconds", 1)});
  append("2027-01-05T00:00:00Z", {stage("x_seconds", 1), stage("y_seconds", 0, 0)});
  const Weeks history = read(2);
  EXPECT_THAT(history.sections[0].stages[1].values, ElementsAre(Optional(1.0), kNone));
  EXPECT_THAT(history_table(history, false), testing::ContainsRegex("\ny +1.00 s +- +-\n"));
}

TEST_F(HistoryTest, SumsCountersAndLeavesOutThoseThatNeverCounted) {
  append("2027-01-04T00:00:00Z", {counter("api_429_total", 2, "endpoint=list"), counter("retry_total", 0)});
  append("2027-01-05T00:00:00Z", {counter("api_429_total", 3, "endpoint=list"), counter("retry_total", 0)});
  const auto counters = read(2).sections[0].counters;
  ASSERT_THAT(counters, SizeIs(1));
  EXPECT_EQ(metrics::to_text(counters[0].labels), "endpoint=list");
  EXPECT_THAT(counters[0].values, ElementsAre(kNone, Optional(5.0)));
}

TEST_F(HistoryTest, KeepsTheCommandsApart) {
  append("2027-01-04T00:00:00Z", {stage("db_txn_seconds", 1)});
  append("2027-01-04T00:00:00Z", {stage("db_txn_seconds", 2)}, "upsert");
  EXPECT_THAT(read().sections, SizeIs(2));
  const Weeks upserts = read(4, "p50", "upsert");
  ASSERT_THAT(upserts.sections, SizeIs(1));
  EXPECT_THAT(upserts.sections[0].stages[0].values.back(), Optional(2.0));
  EXPECT_EQ(upserts.runs, 1);
}

TEST_F(HistoryTest, OldRunsAndThoseOfTheFutureAreNotShown) {
  append("2016-12-30T00:00:00Z", {stage("x_seconds", 1)});
  append("2027-01-11T00:00:00Z", {stage("x_seconds", 1)});
  EXPECT_EQ(read(52).runs, 0);
  EXPECT_THAT(read(52).sections, IsEmpty());
}

TEST_F(HistoryTest, TornLinesAreToldAndLeftOut) {
  append("2027-01-04T00:00:00Z", {stage("x_seconds", 1)});
  std::ofstream(dir_ / "history.csv", std::ios::app) << "2027-01-04T00:00:00.000Z,torn,by a power cu";
  append("2027-01-05T00:00:00Z", {stage("x_seconds", 3)});
  const Weeks history = read(1);
  EXPECT_EQ(history.runs, 2);
  EXPECT_EQ(history.faults, 1);
  EXPECT_THAT(faults_, ElementsAre(HasSubstr("history.csv:3: ")));
}

TEST_F(HistoryTest, ALineTornWithinQuotesSpoilsNoOther) {
  append("2027-01-04T00:00:00Z", {stage("x_seconds", 1)});
  std::ofstream(dir_ / "history.csv", std::ios::app)
      << "2027-01-04T00:00:00.000Z,torn,by,sync,timer,x_seconds,\"reason=no, qu";
  for (int i = 0; i < 3; ++i) append("2027-01-05T00:00:00Z", {stage("x_seconds", 3)});
  EXPECT_EQ(read(1).runs, 4);
  EXPECT_THAT(faults_, ElementsAre(HasSubstr("history.csv:3: the line is torn")));
}

TEST_F(HistoryTest, TellsTheTrend) {
  for (int week = 0; week < 6; ++week)
    append(fmt::format("2026-12-{:02}T00:00:00Z", 1 + week * 5),
           {stage("x_seconds", 1 + 0.1 * week), stage("y_seconds", 1)});
  const auto stages = read(6).sections[0].stages;
  EXPECT_EQ(stages[0].trend.kind, Trend::Kind::rising);
  EXPECT_GT(stages[0].trend.per_step, 0.05);
  EXPECT_EQ(stages[1].trend.kind, Trend::Kind::steady);
  const auto text = history_table(read(6), true);
  EXPECT_THAT(text, testing::ContainsRegex("x .* \\+[0-9.]+%  rising  ▁.*█"));
  EXPECT_THAT(text, testing::ContainsRegex("y .* \\+0.0%  steady"));
  EXPECT_THAT(history_table(read(6), false), Not(HasSubstr("▁")));
}

TEST_F(HistoryTest, ManyWeeksAreCutToTheTerminalAndSaid) {
  for (int month = 1; month <= 12; ++month)
    append(fmt::format("2026-{:02}-15T00:00:00Z", month), {stage("a_stage_with_quite_a_long_name_seconds", 0.0123),
                                                           stage("긴_이름_seconds", 3599, 10, "endpoint=상세")});
  const Weeks history = read(53);
  const auto text = history_table(history, true);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 100) << line;
  EXPECT_THAT(text, HasSubstr("Not all of the 53 weeks fit here; --format csv has them.\n"));
  EXPECT_THAT(text, HasSubstr("27-W01"));
  EXPECT_THAT(test::CsvParser(history_csv(history)).parse(), SizeIs(1 + 2 * 53));
  EXPECT_THAT(history_markdown(history), HasSubstr(" 2026-W02 |"));
  EXPECT_THAT(history_table(read(3), true), Not(HasSubstr("fit here")));
}

TEST_F(HistoryTest, JsonHasAllOfIt) {
  append("2027-01-04T00:00:00Z", {stage("x_seconds", 1, 10, "endpoint=list"), counter("retry_total", 2)});
  const auto json = nlohmann::json::parse(history_json(read(2), R"({"status": "ok"})"));
  EXPECT_EQ(json["status"], "ok");
  EXPECT_EQ(json["weeks"], (std::vector<std::string>{"2026-W53", "2027-W01"}));
  const auto& section = json["sections"][0];
  EXPECT_EQ(section["runs"], (std::vector<int>{0, 1}));
  EXPECT_EQ(section["stages"][0]["labels"], "endpoint=list");
  EXPECT_TRUE(section["stages"][0]["values"][0].is_null());
  EXPECT_EQ(section["stages"][0]["values"][1], 1.0);
  EXPECT_TRUE(section["stages"][0]["trend"].is_null());
  EXPECT_EQ(section["counters"][0]["values"][1], 2.0);
}

TEST_F(HistoryTest, WhereThereIsNoneItIsAnError) {
  EXPECT_THROW((void)read(), Error);
}

TEST_F(HistoryTest, RunsThatDidNotGetThroughAreCountedAndNotMeasured) {
  append("2027-01-05T00:00:00Z", {stage("x_seconds", 2), counter("retry_total", 1)}, "sync", 0);
  append("2027-01-05T01:00:00Z", {stage("x_seconds", 0.01), counter("retry_total", 5)}, "sync", 1);
  append("2027-01-05T02:00:00Z", {stage("x_seconds", 4), counter("retry_total", 1)}, "sync", 3);
  const Weeks history = read(1);
  EXPECT_EQ(history.runs, 3);
  const auto& sync = history.sections[0];
  EXPECT_THAT(sync.runs, ElementsAre(2));
  EXPECT_THAT(sync.failed, ElementsAre(1));
  EXPECT_THAT(sync.stages[0].values, ElementsAre(Optional(3.0)));
  EXPECT_THAT(sync.counters[0].values, ElementsAre(Optional(7.0))) << "what happened, happened";
  EXPECT_THAT(history_table(history, false), HasSubstr("failed, left out"));
  EXPECT_THAT(history_markdown(history), HasSubstr("| failed, left out | 1 |"));
  EXPECT_THAT(nlohmann::json::parse(history_json(history, "{}"))["sections"][0]["failed_runs"], ElementsAre(1));
}

// Four weeks in which the store grows: each takes longer, and none is slower.
TEST_F(HistoryTest, TheTrendOfTheWholeRunIsThatOfAnItem) {
  const std::pair<const char*, double> weeks[] = {{"2026-12-16T00:00:00Z", 100},
                                                  {"2026-12-23T00:00:00Z", 200},
                                                  {"2026-12-30T00:00:00Z", 400},
                                                  {"2027-01-05T00:00:00Z", 800}};
  for (const auto& [week, calls] : weeks)
    append(week, {stage("sync_total_seconds", calls / 10, 1),
                  counter("api_requests_total", calls, "endpoint=detail;status=200")});
  const auto stages = read().sections[0].stages;
  ASSERT_THAT(stages, SizeIs(2));
  EXPECT_EQ(stages[0].metric, "sync_total_seconds");
  EXPECT_THAT(stages[0].values, ElementsAre(Optional(10.0), Optional(20.0), Optional(40.0), Optional(80.0)));
  EXPECT_EQ(stages[0].trend.kind, Trend::Kind::too_few) << "not judged";
  EXPECT_EQ(stages[1].metric, "sync_item_seconds");
  EXPECT_THAT(stages[1].values, testing::Each(Optional(0.1)));
  EXPECT_EQ(stages[1].trend.kind, Trend::Kind::steady);
}

}  // namespace
}  // namespace pipeline::report
