#include "budget_stand.h"
#include "metrics/exposition_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(BudgetRun, OverBudgetIsExit4AndToldEverywhereTheSame) {
  const BudgetStand stand;
  const auto budget = stand.budget(rule_kept("sync") + "," + rule_over("sync"));
  const Outcome run = stand.sync({"--json", "--budget", budget, "--prometheus", stand.path("sync.prom")});
  EXPECT_EQ(run.exit_code, 4);
  EXPECT_THAT(run.err, AllOf(HasSubstr("over budget: plan: in no time: sync_total_seconds p95 is "),
                             HasSubstr("the limit is ≤ 0 s")));
  const auto summary = json::parse(run.out);
  EXPECT_EQ(summary["status"], "over_budget");
  EXPECT_EQ(summary["exit_code"], 4);
  ASSERT_EQ(summary["budget"].size(), 2U);
  EXPECT_EQ(summary["budget"][0]["outcome"], "kept");
  EXPECT_EQ(summary["budget"][0]["at_most"], 86'400);
  const auto& over = summary["budget"][1];
  EXPECT_EQ(over["set"], "plan");
  EXPECT_EQ(over["rule"], "in no time");
  EXPECT_EQ(over["metric"], "sync_total_seconds");
  EXPECT_EQ(over["statistic"], "p95");
  EXPECT_GT(over["value"].get<double>(), 0);
  EXPECT_EQ(over["outcome"], "over");
  EXPECT_EQ(over["reason"], nullptr);
  EXPECT_EQ(stand.value("SELECT status || exit_code FROM runs"), "OVER_BUDGET4");

  const ExpositionParser prometheus(read_file(stand.path("sync.prom")));
  EXPECT_EQ(prometheus.value({"pipeline_last_run_exit_code", {{"command", "sync"}}}), 4);
  EXPECT_EQ(prometheus.value({"pipeline_budget_rules", {{"command", "sync"}, {"outcome", "over"}}}), 1);
  EXPECT_EQ(
      prometheus.value({"pipeline_budget_rule_kept", {{"command", "sync"}, {"set", "plan"}, {"rule", "in no time"}}}),
      0);
}

TEST(BudgetRun, TheTableStandsBehindTheStages) {
  BudgetStand stand;
  ASSERT_EQ(stand.sync({"--quiet"}).exit_code, 0);
  const std::string rules = rule_kept("package") + "," + rule_over("package") + "," + rule_of_another_case("package");
  const Outcome run = stand.package({"--no-progress", "--budget", stand.budget(rules + "," + rule_over("sync"))});
  EXPECT_EQ(run.exit_code, 4) << run.err;
  EXPECT_THAT(run.out,
              AllOf(HasSubstr("✓ plan: in a day"), HasSubstr("✗ plan: in no time"), HasSubstr("– plan: many conflicts"),
                    HasSubstr("    does not apply: db_conflict_total is 0, the rule is for ≥ 1,000,000"),
                    HasSubstr("budget: 1 kept, 1 over, 1 not applicable\n")));
  EXPECT_LT(run.out.find("package_build"), run.out.find("✓ plan"));
  EXPECT_LT(run.out.find("✓ plan"), run.out.find("package over_budget in"));
}

TEST(BudgetRun, WithinItNothingChanges) {
  const BudgetStand stand;
  const auto budget = stand.budget(rule_kept("upsert") + "," + rule_of_another_case("upsert"));
  const Outcome run = stand.upsert({"--json", "--budget", budget});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(json::parse(run.out)["budget"][1]["outcome"], "not_applicable");
  EXPECT_EQ(json::parse(stand.upsert({"--json"}).out)["budget"], nullptr);
}

TEST(BudgetRun, ARuleThatCannotBeJudgedMakesAGoodRunAFailedOne) {
  const BudgetStand stand;
  const auto budget = stand.budget(rule_missing("sync") + "," + rule_over("sync"));
  const Outcome run = stand.sync({"--no-progress", "--budget", budget});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out,
              AllOf(HasSubstr("? plan: a slip"), HasSubstr("missing: the run has no metric db_conflicts_total"),
                    HasSubstr("budget: 0 kept, 1 over, 1 missing")));
  EXPECT_THAT(run.err, AllOf(HasSubstr("the budget can't be judged: plan: a slip: "), HasSubstr("over budget: ")));
  EXPECT_EQ(stand.value("SELECT status || exit_code FROM runs"), "FAILED1");
}

TEST(BudgetRun, AWrongFileIsToldBeforeAnythingIsDone) {
  BudgetStand stand;
  const auto budget = stand.budget(R"({"name": "a", "command": "sync", "metric": "b_total", "statistic": "p95"})");
  const std::vector<std::string> options{"--json", "--budget", budget, "--prometheus", stand.path("p.prom")};
  for (const Outcome& run : {stand.sync(options), stand.upsert(options), stand.package(options),
                             stand.run({"queue", "list", "--budget", budget})}) {
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.err, AllOf(HasSubstr(budget), HasSubstr("rule \"a\""), HasSubstr("no p95")));
  }
  for (const auto& left : {stand.db(), stand.metrics(), std::filesystem::path(stand.db().string() + ".lock"),
                           std::filesystem::path(stand.path("p.prom")), std::filesystem::path(stand.path("packages"))})
    EXPECT_FALSE(std::filesystem::exists(left)) << left;
}

TEST(BudgetRun, ASetIsChosenFromABudgetOnly) {
  const BudgetStand stand;
  const auto budget = stand.write(
      "sets.json", R"({"sets": {"strict": [)" + rule_over("upsert") + R"(], "lax": [)" + rule_kept("upsert") + "]}}");
  EXPECT_EQ(stand.upsert({"--quiet", "--budget", budget}).exit_code, 4);
  EXPECT_EQ(stand.upsert({"--quiet", "--budget", budget, "--budget-set", "lax"}).exit_code, 0);
  EXPECT_EQ(stand.upsert({"--quiet", "--budget", budget, "--budget-set", "lacks"}).exit_code, 2);
  const Outcome without = stand.upsert({"--quiet", "--budget-set", "lax"});
  EXPECT_EQ(without.exit_code, 2);
  EXPECT_THAT(without.err, HasSubstr("--budget"));
}

TEST(BudgetRun, ARunDoneInPartStaysThat) {
  const BudgetStand stand;
  const Outcome run = stand.upsert({"--json", "--budget", stand.budget(rule_over("upsert"))}, "bad.jsonl");
  EXPECT_EQ(run.exit_code, 3);
  const auto summary = json::parse(run.out);
  EXPECT_EQ(summary["status"], "partial");
  EXPECT_EQ(summary["budget"][0]["outcome"], "over");
  EXPECT_EQ(stand.value("SELECT status FROM runs"), "PARTIAL");
}

TEST(BudgetRun, QuietlyOnlyWhatIsOverIsSaid) {
  const BudgetStand stand;
  const auto budget = stand.budget(rule_kept("upsert") + "," + rule_over("upsert"));
  const Outcome run = stand.upsert({"--quiet", "--budget", budget});
  EXPECT_EQ(run.exit_code, 4);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err, AllOf(HasSubstr("plan: in no time: upsert_total_seconds p95 is "), HasSubstr("≤ 0 s"),
                             Not(HasSubstr("in a day"))));
}

TEST(BudgetRun, ADryRunIsJudgedAndLeavesNothing) {
  const BudgetStand stand;
  for (const Outcome& run : {stand.upsert({"--json", "--dry-run", "--budget", stand.budget(rule_over("upsert"))}),
                             stand.sync({"--json", "--dry-run", "--budget", stand.budget(rule_over("sync"))})}) {
    EXPECT_EQ(run.exit_code, 4) << run.err;
    EXPECT_EQ(json::parse(run.out)["budget"][0]["outcome"], "over");
  }
  EXPECT_FALSE(std::filesystem::exists(stand.metrics()));
  EXPECT_FALSE(std::filesystem::exists(stand.db()));
}

TEST(BudgetRun, AnUnchangedRunOverBudgetIsNotedToo) {
  const BudgetStand stand;
  ASSERT_EQ(stand.upsert({"--quiet"}).exit_code, 0);
  ASSERT_EQ(stand.upsert({"--quiet"}).exit_code, 0);
  EXPECT_EQ(stand.value("SELECT count(*) FROM runs"), "1") << "nothing changed, nothing amiss";
  EXPECT_EQ(stand.upsert({"--quiet", "--budget", stand.budget(rule_over("upsert"))}).exit_code, 4);
  EXPECT_EQ(stand.value("SELECT status FROM runs ORDER BY rowid DESC LIMIT 1"), "OVER_BUDGET");
}

TEST(BudgetRun, AReportThatCannotBeWrittenAfterwardsIsTheRunsEnd) {
  const BudgetStand stand;
  // Its folder is there, so the run begins; the name leaves no room for what the temporary file has behind it.
  const std::string file = stand.path(std::string(250, 'p'));
  const Outcome run = stand.upsert({"--json", "--budget", stand.budget(rule_over("upsert")), "--prometheus", file});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("the run's reports are incomplete: cannot write " + file));
  EXPECT_EQ(json::parse(run.out)["exit_code"], 1);
  EXPECT_EQ(stand.value("SELECT status || exit_code FROM runs"), "FAILED1");
}

TEST(BudgetRun, AStepOnTheQueueIsJudgedOnStandardError) {
  const BudgetStand stand;
  ASSERT_EQ(stand.upsert({"--quiet"}).exit_code, 0);
  const Outcome plain = stand.run({"queue", "list", "--format", "csv"});
  ASSERT_EQ(plain.exit_code, 0) << plain.err;
  const auto list = stand.run({"queue", "list", "--format", "csv", "--budget", stand.budget(rule_over("queue list"))});
  EXPECT_EQ(list.exit_code, 4) << list.err;
  EXPECT_EQ(list.out, plain.out);
  EXPECT_THAT(list.err, AllOf(HasSubstr("✗ plan: in no time"), HasSubstr("queue_total_seconds p95")));

  const auto retry =
      stand.run({"queue", "retry", "--all", "--json", "--budget", stand.budget(rule_over("queue retry"))});
  EXPECT_EQ(retry.exit_code, 4) << retry.err;
  const auto summary = json::parse(retry.out);
  EXPECT_EQ(summary["status"], "over_budget");
  EXPECT_EQ(summary["budget"][0]["outcome"], "over");
  EXPECT_THAT(retry.err, Not(HasSubstr("✗")));
}

}  // namespace
}  // namespace pipeline::test
