// The outer ring: the real executable looks back on the runs by a budget.
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
#include <sstream>

namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kHistoryBudget = R"({"sets": {
  "plan": [
    {"name": "a detail", "command": "sync", "metric": "detail_fetch_seconds", "statistic": "p95", "at_most": "500 ms"},
    {"name": "a large catalogue, in so many words that they do not fit", "command": "sync",
     "metric": "sync_total_seconds", "statistic": "sum", "at_most": "10 min",
     "when": [{"metric": "api_requests_total", "statistic": "sum", "at_least": 1000}]}],
  "own": [
    {"name": "newer", "command": "sync", "metric": "listed_sku_total", "statistic": "sum", "at_least": 1}]}})";

class HistoryBudgetRun : public ::testing::Test {
 protected:
  HistoryBudgetRun() { write("budget.json", kHistoryBudget); }

  // A run so many weeks ago; without `listed` it is of a version that did not count them.
  void append(int weeks_ago, double detail_p50, bool listed = true) {
    std::vector<metrics::Row> rows{stage("sync_total_seconds", 10, 1), stage("detail_fetch_seconds", detail_p50),
                                   counter("api_requests_total", 300, "endpoint=detail;status=200")};
    if (listed) rows.push_back(counter("listed_sku_total", 205));
    metrics::append_history(dir_.path(),
                            {.run_id = std::to_string(runs_++),
                             .trace_id = "",
                             .command = "sync",
                             .started_at = SystemClock().wall() - std::chrono::weeks(weeks_ago)},
                            rows);
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (dir_ / name).string(); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(dir_ / name) << text; }

  [[nodiscard]] Outcome history(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(),
                     {pipeline_binary(), "report", "history", "--metrics-dir", dir_.path().string(), "--weeks", "8"});
    return Process(arguments, {}, dir_.path()).wait();
  }

  TempDir dir_;

 private:
  int runs_ = 0;
};

TEST_F(HistoryBudgetRun, ShowsEachRuleWeekByWeekAndEndsWell) {
  append(3, 0.1, false);
  append(2, 0.1, false);
  append(2, 0.45);
  append(1, 0.1);
  for (const double p50 : {0.1, 0.2, 0.45, 0.6}) append(0, p50);
  const Outcome table = history({"--budget", path("budget.json")});
  EXPECT_EQ(table.exit_code, 0) << table.err;
  EXPECT_THAT(table.out, AllOf(ContainsRegex("\nplan: a detail( +-){4} +0/1 +✗ 1/2 +0/1 +✗ 2/4 +≤ 500 ms\n"),
                               ContainsRegex("\nplan: a large catalogue, [^\n]*…( +-){8} +≤ 10 m 00 s\n"),
                               ContainsRegex("\nown: newer( +-){4} +\\? +\\? 0/1 +0/1 +0/4 +≥ 1\n")));
  std::istringstream lines(table.out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 100) << line;

  const Outcome own = history({"--budget", path("budget.json"), "--budget-set", "own", "--json"});
  EXPECT_EQ(own.exit_code, 0) << own.err;
  const auto json = nlohmann::json::parse(own.out);
  EXPECT_EQ(json["exit_code"], 0);
  const auto& budget = json["sections"][0]["budget"];
  ASSERT_EQ(budget.size(), 1) << budget;
  EXPECT_EQ(budget[0]["missing"], (std::vector<int>{0, 0, 0, 0, 1, 1, 0, 0}));
  EXPECT_EQ(budget[0]["judged"], (std::vector<int>{0, 0, 0, 0, 0, 1, 1, 4}));

  EXPECT_THAT(history({"--budget", path("budget.json"), "--format", "csv"}).out,
              HasSubstr("sync,plan: a detail,≤ 500 ms,over,"));
  EXPECT_THAT(history({"--budget", path("budget.json"), "--format", "markdown"}).out,
              HasSubstr("| plan: a detail | ≤ 500 ms | - | - | - | - | 0/1 | ✗ 1/2 | 0/1 | ✗ 2/4 |"));
  EXPECT_THAT(history({}).out, Not(HasSubstr("plan:")));
}

// Before the history, which isn't even there.
TEST_F(HistoryBudgetRun, AWrongBudgetIsToldFirst) {
  write("broken.json", R"({"sets": {"plan": [{"name": "a", "command": "sync", "metric": "x_seconds",
                                              "statistic": "p90", "at_most": 1}]}})");
  const auto fails = [&](const std::vector<std::string>& arguments, const std::string& words) {
    const Outcome outcome = history(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << words;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(words), Not(HasSubstr("history.csv"))));
    EXPECT_THAT(outcome.out, IsEmpty());
  };
  fails({"--budget", path("broken.json")}, "unknown statistic \"p90\"");
  fails({"--budget", path("none.json")}, "cannot read " + path("none.json"));
  fails({"--budget", path("budget.json"), "--budget-set", "theirs"}, "theirs");
  fails({"--budget-set", "plan"}, "name its file with --budget");
  EXPECT_EQ(history({"--budget", path("budget.json")}).exit_code, 1);  // a good one: now the history is missed
}

}  // namespace
}  // namespace pipeline::test
