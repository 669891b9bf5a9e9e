#include "pipeline/base/text.h"
#include "pipeline/metrics/run_files.h"
#include "pipeline/report/weeks.h"

#include "made_runs.h"
#include "metrics/csv_parser.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace pipeline::report {
namespace {

using metrics::Limit;
using metrics::Statistic;
using test::counter;
using test::stage;
using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

metrics::Rule rule(const std::string& name, metrics::Measure measure, double at_most,
                   const std::string& command = "sync") {
  return {.set = "own",
          .name = name,
          .command = command,
          .measure = std::move(measure),
          .limit = {Limit::Side::at_most, at_most},
          .when = {}};
}

metrics::Measure p95_of(const std::string& metric) {
  return {.of = {metric, {}}, .statistic = Statistic::p95, .to = {}};
}

constexpr const char* kLastWeek = "2026-12-30T00:00:00Z";  // 2026-W53
constexpr const char* kThisWeek = "2027-01-05T00:00:00Z";  // 2027-W01

class HistoryBudgetTest : public ::testing::Test {
 protected:
  void append(const std::string& started_at, std::vector<metrics::Row> rows, const std::string& command = "sync") {
    metrics::append_history(dir_.path(),
                            {.run_id = std::to_string(runs_++),
                             .trace_id = "0af7651916cd43dd8448eb211c80319c",
                             .command = command,
                             .started_at = parse_utc(started_at).value()},
                            rows);
  }

  [[nodiscard]] Weeks read(const metrics::Budget* budget, int weeks = 2) const {
    return read_weeks(
        dir_ / "history.csv",
        {.now = parse_utc("2027-01-06T10:00:00Z").value(), .weeks = weeks, .command = {}, .budget = budget},
        [](const std::string& fault) { ADD_FAILURE() << fault; });
  }

 private:
  test::TempDir dir_;
  int runs_ = 0;
};

TEST(WeekText, SaysHowOftenTheRuleWasOver) {
  EXPECT_EQ(week_text({}), "-");
  EXPECT_EQ(week_text({.judged = 7, .over = 0, .missing = 0}), "0/7");
  EXPECT_EQ(week_text({.judged = 7, .over = 2, .missing = 0}), "✗ 2/7");
  EXPECT_EQ(week_text({.judged = 5, .over = 0, .missing = 2}), "? 0/5");
  EXPECT_EQ(week_text({.judged = 5, .over = 1, .missing = 2}), "✗? 1/5");
  EXPECT_EQ(week_text({.judged = 0, .over = 0, .missing = 2}), "?");
  EXPECT_EQ(week_text({.judged = 12345, .over = 1000, .missing = 0}), "✗ 1,000/12,345");
}

TEST_F(HistoryBudgetTest, CountsTheRunsOfAWeekByTheirVerdict) {
  metrics::Rule large = rule("of large runs", p95_of("x_seconds"), 1);
  large.when.push_back(
      {{.of = {"listed_sku_total", {}}, .statistic = Statistic::sum, .to = {}}, {Limit::Side::at_least, 1000}});
  const metrics::Budget budget{{rule("x", p95_of("x_seconds"), 1.2), large}};
  append(kLastWeek, {stage("x_seconds", 1)});                                          // just kept; no size
  append(kThisWeek, {stage("x_seconds", 2), counter("listed_sku_total", 1000)});       // over both
  append(kThisWeek, {stage("x_seconds", 1), counter("listed_sku_total", 999)});        // the case does not hold
  append(kThisWeek, {stage("x_seconds", 0.5), counter("listed_sku_total", 1001)});     // kept both
  append(kThisWeek, {stage("x_seconds", 0, 0), counter("listed_sku_total", 10'000)});  // never ran
  const Weeks history = read(&budget);
  ASSERT_THAT(history.sections, SizeIs(1));
  const auto& rules = history.sections[0].rules;
  ASSERT_THAT(rules, SizeIs(2));
  EXPECT_EQ(name_of(rules[0].rule), "own: x");
  EXPECT_THAT(rules[0].weeks, ElementsAre(RuleWeek{1, 0, 0}, RuleWeek{3, 1, 0}));
  EXPECT_EQ(name_of(rules[1].rule), "own: of large runs");
  EXPECT_THAT(rules[1].weeks, ElementsAre(RuleWeek{0, 0, 1}, RuleWeek{2, 1, 0}));
}

TEST_F(HistoryBudgetTest, EachCommandHasItsRules) {
  const metrics::Budget budget{{rule("a", p95_of("x_seconds"), 1), rule("b", p95_of("x_seconds"), 1, "upsert")}};
  append(kThisWeek, {stage("x_seconds", 2)});
  append(kThisWeek, {stage("x_seconds", 0.5)}, "upsert");
  append(kThisWeek, {stage("x_seconds", 0.5)}, "package");
  const Weeks history = read(&budget);
  ASSERT_THAT(history.sections, SizeIs(3));
  EXPECT_THAT(history.sections[0].rules, IsEmpty());
  EXPECT_THAT(history.sections[1].rules,
              ElementsAre(testing::Field(&RuleLine::weeks, ElementsAre(RuleWeek{}, RuleWeek{1, 1, 0}))));
  EXPECT_THAT(history.sections[2].rules,
              ElementsAre(testing::Field(&RuleLine::weeks, ElementsAre(RuleWeek{}, RuleWeek{1, 0, 0}))));
  for (const auto& text : {history_table(history, false), history_markdown(history)})
    EXPECT_THAT(text, HasSubstr("The budget has no rule for this command.\n")) << text;
}

TEST_F(HistoryBudgetTest, RunsOutsideOfTheWeeksAreNotJudged) {
  const metrics::Budget budget{{rule("x", p95_of("x_seconds"), 1)}};
  append("2026-11-01T00:00:00Z", {stage("x_seconds", 9)});
  append(kThisWeek, {stage("x_seconds", 0.5)});
  EXPECT_THAT(read(&budget, 1).sections[0].rules[0].weeks, ElementsAre(RuleWeek{1, 0, 0}));
}

TEST_F(HistoryBudgetTest, WithoutABudgetNothingIsSaidOfOne) {
  append(kThisWeek, {stage("x_seconds", 1)});
  const Weeks history = read(nullptr);
  for (const auto& text : {history_table(history, true), history_markdown(history), history_csv(history)})
    EXPECT_THAT(text, Not(HasSubstr("budget"))) << text;
  EXPECT_TRUE(nlohmann::json::parse(history_json(history, "{}"))["sections"][0]["budget"].is_null());
}

TEST_F(HistoryBudgetTest, EveryFormHasTheCounts) {
  const metrics::Budget budget{{rule("x | y", p95_of("x_seconds"), 1.5), rule("z", p95_of("z_seconds"), 0.25)}};
  append(kLastWeek, {stage("x_seconds", 1)});
  append(kThisWeek, {stage("x_seconds", 1)});
  append(kThisWeek, {stage("x_seconds", 2), stage("z_seconds", 0.1)});
  const Weeks history = read(&budget);
  const auto table = history_table(history, false);
  EXPECT_THAT(table, AllOf(ContainsRegex("\nruns over budget +W53 +W01 +limit\n"),
                           ContainsRegex("\nown: x \\| y +0/1 +✗ 1/2 +≤ 1.50 s\n"),
                           ContainsRegex("\nown: z +\\? +\\? 0/1 +≤ 250 ms\n"), HasSubstr(kRulesLegend)));
  EXPECT_THAT(history_markdown(history),
              AllOf(HasSubstr("| runs over budget | limit | 2026-W53 | 2027-W01 |\n|---|--:|--:|--:|\n"),
                    HasSubstr("| own: x \\| y | ≤ 1.50 s | 0/1 | ✗ 1/2 |\n"), HasSubstr(kRulesLegend)));

  const auto csv = test::CsvParser(history_csv(history)).parse();
  EXPECT_THAT(csv, SizeIs(1 + 2 * 2 + 2 * 2 * 3));  // two stages, two rules, two weeks
  EXPECT_THAT(csv, testing::IsSupersetOf(std::vector<std::vector<std::string>>{
                       {"sync", "own: x | y", "≤ 1.50 s", "over", "2027-W01", "2", "1"},
                       {"sync", "own: x | y", "≤ 1.50 s", "judged", "2027-W01", "2", "2"},
                       {"sync", "own: z", "≤ 250 ms", "missing", "2026-W53", "1", "1"},
                       {"sync", "own: z", "≤ 250 ms", "judged", "2026-W53", "1", "0"}}));

  const auto json = nlohmann::json::parse(history_json(history, "{}"))["sections"][0]["budget"];
  ASSERT_THAT(json, SizeIs(2));
  EXPECT_EQ(json[0], nlohmann::json::parse(R"({"set": "own", "rule": "x | y", "measure": "x_seconds p95",
      "at_most": 1.5, "over": [0, 1], "judged": [1, 2], "missing": [0, 0]})"));
  EXPECT_EQ(json[1]["missing"], (std::vector<int>{1, 1}));
}

// However long its name, a rule keeps room for it; the weeks that don't fit are told.
TEST_F(HistoryBudgetTest, LongNamesAndManyWeeksStayWithinTheTerminal) {
  const std::string name(60, 'n');
  const metrics::Budget budget{{rule(name, p95_of("x_seconds"), 1)}};
  append(kThisWeek, {stage("x_seconds", 2)});
  append("2026-11-24T00:00:00Z", {stage("x_seconds", 2)});
  const auto eight = history_table(read(&budget, 8), true);
  EXPECT_THAT(eight, AllOf(HasSubstr("own: nnnnnnnnnnnnnnnnnnnnnnnnnnn"), Not(HasSubstr("weeks fit here"))));
  const auto year = history_table(read(&budget, 53), true);
  EXPECT_THAT(year, HasSubstr("Not all of the 53 weeks fit here; --format csv has them.\n"));
  std::istringstream lines(eight + year);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 100) << line;
}

}  // namespace
}  // namespace pipeline::report
