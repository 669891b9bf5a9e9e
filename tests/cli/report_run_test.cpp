#include "budget_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// What a run of before the counter listed_sku_total left.
constexpr const char* kOldRun =
    "run_id,trace_id,command,kind,metric,labels,unit,count,sum,min,mean,p50,p95,p99,max\r\n"
    "20261122T221620-4bf92f35,4bf92f3577b34da6a3ce929d0e0e4736,sync,timer,sync_total_seconds,,seconds,1,2,2,2,2,2,2,"
    "2\r\n"
    "20261122T221620-4bf92f35,4bf92f3577b34da6a3ce929d0e0e4736,sync,timer,zip_seconds,,seconds,0,0,,,,,,\r\n"
    "20261122T221620-4bf92f35,4bf92f3577b34da6a3ce929d0e0e4736,sync,counter,api_requests_total,"
    "endpoint=detail;status=200,1,,205,,,,,,\r\n";

class ReportRun : public ::testing::Test {
 protected:
  Outcome report(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {pipeline_binary(), "report"});
    return Process(arguments, {{"TZ", "Asia/Seoul"}}, dir.path()).wait();
  }
  std::string budget(const std::string& rules) const {
    std::ofstream(dir / "budget.json") << R"({"sets": {"plan": [)" << rules << "]}}";
    return (dir / "budget.json").string();
  }
  std::string old_run() const {
    std::ofstream(dir / "run.csv", std::ios::binary) << kOldRun;
    return (dir / "run.csv").string();
  }
  TempDir dir;
};

TEST_F(ReportRun, ShowsWhoseRunItWasAndItsStages) {
  const Outcome shown = report({"show", old_run()});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_EQ(shown.err, "");
  EXPECT_THAT(shown.out,
              AllOf(HasSubstr("sync 20261122T221620-4bf92f35\n"), HasSubstr("started 2026-11-23 07:16:20 KST\n"),
                    HasSubstr("trace 4bf92f3577b34da6a3ce929d0e0e4736\n"), HasSubstr("sync_total"), HasSubstr("2.00 s"),
                    HasSubstr("api_requests_total{endpoint=detail;status=200}"), Not(HasSubstr("zip")),
                    Not(HasSubstr("budget"))));
}

TEST_F(ReportRun, ShowsTheRowsAsJson) {
  const auto shown = json::parse(report({"show", old_run(), "--json"}).out);
  EXPECT_EQ(shown["command"], "sync");
  EXPECT_EQ(shown["started_at"], "2026-11-22T22:16:20.000Z");
  EXPECT_EQ(shown["exit_code"], 0);
  EXPECT_EQ(shown["budget"], nullptr);
  ASSERT_EQ(shown["rows"].size(), 3U);
  EXPECT_EQ(shown["rows"][0]["kind"], "timer");
  EXPECT_EQ(shown["rows"][0]["p95"], 2);
  EXPECT_EQ(shown["rows"][1]["count"], 0);
  EXPECT_FALSE(shown["rows"][1].contains("p95"));
  EXPECT_EQ(shown["rows"][2]["labels"]["status"], "200");
  EXPECT_EQ(shown["rows"][2]["sum"], 205);
}

TEST_F(ReportRun, ChecksARunAgainstABudget) {
  const Outcome over = report({"check", old_run(), "--budget", budget(rule_kept("sync") + "," + rule_over("sync"))});
  EXPECT_EQ(over.exit_code, 4);
  EXPECT_THAT(over.out, AllOf(HasSubstr("✓ plan: in a day"), HasSubstr("✗ plan: in no time"),
                              HasSubstr("budget: 1 kept, 1 over\n"), Not(HasSubstr("api_requests_total"))));
  EXPECT_THAT(over.err,
              HasSubstr("over budget: plan: in no time: sync_total_seconds p95 is 2.00 s, the limit is ≤ 0 s"));
  EXPECT_EQ(report({"check", old_run(), "--budget", budget(rule_kept("sync"))}).exit_code, 0);
  EXPECT_EQ(report({"show", old_run(), "--budget", budget(rule_over("sync"))}).exit_code, 4);
  const auto quiet = report({"check", old_run(), "--quiet", "--budget", budget(rule_over("sync"))});
  EXPECT_EQ(quiet.out, "");
  EXPECT_EQ(json::parse(report({"check", old_run(), "--json", "--budget", budget(rule_over("sync"))}).out)["status"],
            "over_budget");
}

TEST_F(ReportRun, AMetricThatAnOlderRunLacksIsMissingNotPassed) {
  const Outcome checked = report(
      {"check", old_run(), "--budget", budget(R"({"name": "many", "command": "sync", "metric": "listed_sku_total",
                                             "statistic": "rate", "at_least": 0})")});
  EXPECT_EQ(checked.exit_code, 1);
  EXPECT_THAT(checked.out, HasSubstr("missing: the run has no metric listed_sku_total"));
}

TEST_F(ReportRun, ACheckNeedsABudgetAndARun) {
  const Outcome without = report({"check", old_run()});
  EXPECT_EQ(without.exit_code, 2);
  EXPECT_THAT(without.err, HasSubstr("--budget"));
  const Outcome none = report({"show", (dir / "none.csv").string()});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.err, HasSubstr("none.csv"));
  EXPECT_EQ(report({"check", old_run(), "--budget", (dir / "none.json").string()}).exit_code, 2);
}

}  // namespace
}  // namespace pipeline::test
