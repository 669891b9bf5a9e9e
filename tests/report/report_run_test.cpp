// The outer ring: the real executable on the reports of runs.
#include "pipeline/base/text.h"
#include "pipeline/metrics/run_files.h"

#include "made_runs.h"
#include "support/process.h"
#include "support/sync_stand.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class ReportRun : public ::testing::Test {
 protected:
  // A run's CSV in the folder; gives its path.
  std::string write(const std::string& folder, const std::string& id, double p50, const std::string& command = "sync") {
    const auto path =
        metrics::write_run_csv(dir_ / folder,
                               {.run_id = "20261123T0736" + id,
                                .trace_id = "eadd13c7e8f8d23d2cabc5efe04bb408",
                                .command = command,
                                .started_at = {}},
                               {stage(command + "_total_seconds", 10, 1), stage("detail_fetch_seconds", p50)});
    return path.string();
  }
  void write_side(const std::string& folder, int first, double p50) {
    for (int i = 0; i < 6; ++i) write(folder, fmt::format("{:02}-0000000{}", first + i, i), p50 * (1 + 0.001 * i));
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (dir_ / name).string(); }

  [[nodiscard]] Outcome report(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {pipeline_binary(), "report"});
    return Process(arguments, environment_, dir_.path()).wait();
  }

  TempDir dir_;
  Process::Environment environment_;
};

TEST_F(ReportRun, ComparesTwoRuns) {
  const auto base = write("m", "09-eadd13c7", 0.1);
  const auto slower = write("m", "10-41f056eb", 0.12);
  const Outcome worse = report({"compare", base, slower});
  EXPECT_EQ(worse.exit_code, 4) << worse.err;
  EXPECT_THAT(worse.out, HasSubstr("2 stages compared: 1 regressed (detail_fetch p50 +20.0%), 1 kept\n"));
  EXPECT_THAT(worse.err, HasSubstr("1 regressed (detail_fetch"));
  EXPECT_EQ(report({"compare", base, slower, "--max-regression", "20%"}).exit_code, 0);
  EXPECT_EQ(report({"compare", base, slower, "--max-regression", "0.19"}).exit_code, 4);
  const Outcome better = report({"compare", slower, base});
  EXPECT_EQ(better.exit_code, 0);
  EXPECT_THAT(better.err, IsEmpty());
}

TEST_F(ReportRun, ComparesFoldersAndListsAlike) {
  write_side("base", 10, 0.1);
  write_side("new", 20, 0.13);
  std::ofstream(dir_ / "base/history.csv") << "no run\n";
  std::ofstream(dir_ / "base/sync-20261123T073610-00000000-samples.csv") << "no run\n";
  const Outcome folders = report({"compare", path("base"), path("new")});
  EXPECT_EQ(folders.exit_code, 4) << folders.err;
  EXPECT_THAT(folders.out, HasSubstr("sync: 6 runs before, 6 now"));

  std::vector<std::string> listed{"compare", "--base"};
  for (int i = 0; i < 6; ++i) listed.push_back(path(fmt::format("base/sync-20261123T07361{}-0000000{}.csv", i, i)));
  listed.emplace_back("--new");
  for (int i = 0; i < 6; ++i) listed.push_back(path(fmt::format("new/sync-20261123T07362{}-0000000{}.csv", i, i)));
  const Outcome lists = report(listed);
  EXPECT_EQ(lists.exit_code, 4) << lists.err;
  EXPECT_EQ(lists.out, folders.out);
}

TEST_F(ReportRun, NoiseIsNoRegression) {
  write_side("base", 10, 0.1);
  write_side("new", 20, 0.1001);
  EXPECT_EQ(report({"compare", path("base"), path("new")}).exit_code, 0);
}

TEST_F(ReportRun, WarnsWhereRunsAreTooFewToTell) {
  for (const int i : {0, 1}) {
    write("base", fmt::format("1{}-00000000", i), 0.1);
    write("new", fmt::format("2{}-00000000", i), 0.5);
  }
  const Outcome outcome = report({"compare", path("base"), path("new")});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("give at least 5 runs a side, or one"));
}

TEST_F(ReportRun, CompareHasFourForms) {
  write("base", "10-00000000", 0.1);
  write("new", "11-00000000", 0.2);
  const auto json = nlohmann::json::parse(report({"compare", path("base"), path("new"), "--json"}).out);
  EXPECT_EQ(json["command"], "report compare");
  EXPECT_EQ(json["exit_code"], 4);
  EXPECT_EQ(json["status"], "over_budget");
  EXPECT_EQ(json["sections"][0]["stages"][1]["p95"]["mark"], "regressed");
  EXPECT_THAT(report({"compare", path("base"), path("new"), "--format", "csv"}).out, StartsWith("command,metric,"));
  EXPECT_THAT(report({"compare", path("base"), path("new"), "--format", "markdown"}).out, StartsWith("### sync"));
  const Outcome quiet = report({"compare", path("base"), path("new"), "--quiet"});
  EXPECT_THAT(quiet.out, IsEmpty());
  EXPECT_EQ(quiet.exit_code, 4);
}

TEST_F(ReportRun, CompareNamesWhatIsWrong) {
  const auto run = write("base", "10-00000000", 0.1);
  const auto upsert = write("new", "11-00000000", 0.1, "upsert");
  std::filesystem::create_directories(dir_ / "empty");
  std::ofstream(dir_ / "text.csv") << "a,b\r\n1,2\r\n";
  const auto fails = [&](const std::vector<std::string>& arguments, int code, const std::string& words) {
    const Outcome outcome = report(arguments);
    EXPECT_EQ(outcome.exit_code, code) << words;
    EXPECT_THAT(outcome.err, HasSubstr(words));
    EXPECT_THAT(outcome.out, IsEmpty());
  };
  fails({"compare"}, 2, "say what was before, as BASE or with --base");
  fails({"compare", run}, 2, "say what is now, as NEW or with --new");
  fails({"compare", "--new", run}, 2, "say what was before");
  fails({"compare", run, path("base")}, 2, "stands on both sides");
  fails({"compare", "--base", run, path("base"), "--new", upsert}, 2, "are the same run");
  fails({"compare", run, upsert}, 2, "NEW has no run of sync");
  fails({"compare", run, path("none.csv")}, 1, "cannot read " + path("none.csv"));
  fails({"compare", run, path("text.csv")}, 1, path("text.csv") + " is no report of a run");
  fails({"compare", run, path("empty")}, 2, "in the folder " + path("empty"));
  fails({"compare", run, upsert, "--max-regression", "much"}, 2, "not a share like 15%");
}

TEST_F(ReportRun, ShowsTheHistory) {
  const auto now = SystemClock().wall();
  for (int week = 0; week < 5; ++week)
    metrics::append_history(dir_.path(),
                            {.run_id = std::to_string(week),
                             .trace_id = "",
                             .command = "sync",
                             .started_at = now - std::chrono::weeks(week)},
                            {stage("detail_fetch_seconds", 0.2 - 0.01 * week), counter("api_429_total", week)});
  environment_["LC_ALL"] = "en_US.UTF-8";
  const Outcome table = report({"history", "--metrics-dir", dir_.path().string(), "--weeks", "5"});
  EXPECT_EQ(table.exit_code, 0) << table.err;
  EXPECT_THAT(table.out, AllOf(HasSubstr("detail_fetch"), HasSubstr("rising  ▁"), HasSubstr("api_429_total")));
  environment_["LC_ALL"] = "C";
  EXPECT_THAT(report({"history", "--metrics-dir", dir_.path().string()}).out, testing::Not(HasSubstr("▁")));
  const auto json = nlohmann::json::parse(
      report({"history", "--metrics-dir", dir_.path().string(), "--json", "--statistic", "max"}).out);
  EXPECT_EQ(json["runs"], 5);
  EXPECT_EQ(json["statistic"], "max");
}

TEST_F(ReportRun, HistorySaysWhatItDidNotFind) {
  const auto in = dir_.path().string();
  const Outcome missing = report({"history", "--metrics-dir", in});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.err, AllOf(HasSubstr("cannot read " + in + "/history.csv: no run has written it yet"),
                                 HasSubstr("--metrics-dir"), HasSubstr("sync, upsert and package write it")));
  const Outcome nowhere = report({"history", "--metrics-dir", in + "/none"});
  EXPECT_EQ(nowhere.exit_code, 1);
  EXPECT_THAT(nowhere.err, AllOf(HasSubstr("there is no folder " + in + "/none"), HasSubstr("--metrics-dir")));
  metrics::append_history(dir_.path(), {.run_id = "1", .trace_id = "", .command = "sync", .started_at = {}},
                          {stage("x_seconds", 1)});
  std::ofstream(dir_ / "history.csv", std::ios::app) << "torn";
  const Outcome none = report({"history", "--metrics-dir", in, "--command", "sync"});
  EXPECT_EQ(none.exit_code, 0);
  EXPECT_THAT(none.out,
              AllOf(StartsWith("no run of sync from 2"), HasSubstr("history.csv: look further back with --weeks")));
  EXPECT_THAT(none.err, AllOf(HasSubstr("history.csv:3: the line is torn"), HasSubstr("1 line of the history")));
  EXPECT_EQ(report({"history", "--metrics-dir", in, "--statistic", "p90"}).exit_code, 2);
}

// Ten years of three runs a day; the eight weeks that are shown are the same in both files.
TEST_F(ReportRun, TenYearsTakeNoMoreMemoryThanAYear) {
  environment_["ASAN_OPTIONS"] = "quarantine_size_mb=1";  // it would count what was given back
  const auto now = SystemClock().wall();
  const auto write_years = [&](const std::string& folder, int years) {
    std::filesystem::create_directories(dir_ / folder);
    std::ofstream out(dir_ / folder / "history.csv", std::ios::binary);
    out << "started_at,run_id,trace_id,command,kind,metric,labels,unit,count,sum,min,mean,p50,p95,p99,max\r\n";
    for (int day = years * 365; day > 0; --day)
      for (int run = 0; run < 3; ++run)
        for (int metric = 0; metric < 15; ++metric)
          out << fmt::format(
              "{},{}-{},eadd13c7e8f8d23d2cabc5efe04bb408,sync,timer,stage_{}_seconds,endpoint=detail,seconds,"
              "205,2.411423292,0.005355471,0.0117630,0.011725494,0.01664515,0.02,0.03\r\n",
              format_utc(now - std::chrono::days(day)), day, run, metric);
  };
  write_years("one", 1);
  write_years("ten", 10);
  const auto peak = [&](const std::string& folder) {
    const Outcome outcome = report({"history", "--metrics-dir", path(folder), "--json"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.peak_kilobytes;
  };
  const long one = peak("one");
  EXPECT_GT(std::filesystem::file_size(dir_ / "ten/history.csv"), 25'000'000);
  EXPECT_LT(peak("ten"), one + 4'000);
}

}  // namespace
}  // namespace pipeline::test
