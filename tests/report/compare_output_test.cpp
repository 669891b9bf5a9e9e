#include "pipeline/base/text.h"
#include "pipeline/report/compare.h"

#include "made_runs.h"
#include "metrics/csv_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace pipeline::report {
namespace {

using test::group;
using test::run;
using test::runs_with;
using test::stage;
using testing::AllOf;
using testing::Each;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

const std::vector<double> kBase{0.100, 0.101, 0.099, 0.102, 0.098, 0.1005};
const std::vector<double> kSlower{0.138, 0.139, 0.137, 0.140, 0.136, 0.1385};

Comparison slower() {
  return compare(runs_with("a", kBase), runs_with("b", kSlower));
}

std::size_t widest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t width = 0;
  for (std::string line; std::getline(lines, line);) width = std::max(width, display_width(line));
  return width;
}

TEST(ComparisonTable, EndsInWords) {
  const auto text = comparison_table(slower());
  EXPECT_THAT(text, HasSubstr("sync: 6 runs before, 6 now; medians over the runs\n"));
  EXPECT_THAT(text, testing::ContainsRegex("detail_fetch +100 ms +138 ms \\+37.9% ✗ +120 ms +166 ms \\+37.9% ✗ "));
  EXPECT_THAT(text, HasSubstr("✗ detail_fetch p50: between +3"));
  EXPECT_THAT(text, HasSubstr("  ✗ slower, which is no noise, and 15 % or more cannot be ruled out\n"));
  EXPECT_THAT(text, HasSubstr("  · not judged: too few samples (p95: 20, p99: 100)"));
  EXPECT_THAT(text, EndsWith("\n2 stages compared: 1 regressed (detail_fetch p95 +37.9%), 1 kept\n"));
}

TEST(ComparisonTable, LegendHasOnlyWhatIsThere) {
  const auto text = comparison_table(compare(runs_with("a", {0.1}), runs_with("b", {0.1})));
  EXPECT_THAT(text,
              AllOf(HasSubstr("  ✓ within 15 %\n"), Not(HasSubstr("✗")), Not(HasSubstr("~")), Not(HasSubstr("?"))));
  EXPECT_THAT(text, HasSubstr("sync: a0 before, b0 now\n"));
}

TEST(ComparisonTable, FitsATerminal) {
  const auto side = [](const std::string& id, double p50) {
    return group(
        {run(id, {stage("sync_total_seconds", 5000, 1), stage("a_stage_with_a_very_long_name_seconds", p50, 500),
                  stage("또한_아주_긴_이름_seconds", 3599, 500, "endpoint=상세;status=200")})});
  };
  EXPECT_LE(widest_line(comparison_table(compare(side("a", 65), side("b", 0.000001)))), 100);
  EXPECT_LE(widest_line(comparison_table(compare(side("a", 0.000001), side("b", 65)))), 100);
}

TEST(ComparisonTable, SaysWhatCannotBeTold) {
  const auto text = comparison_table(compare(runs_with("a", {0.1, 0.15, 0.12}), runs_with("b", {0.11, 0.16, 0.13})));
  EXPECT_THAT(text, HasSubstr("? detail_fetch p50: "));
  EXPECT_THAT(text, testing::ContainsRegex("1 cannot tell \\(at least [0-9]+ runs a side needed\\), 1 kept\n$"));
}

TEST(ComparisonCsv, HasARowAStageAndStatistic) {
  const auto lines = test::CsvParser(comparison_csv(slower())).parse();
  ASSERT_THAT(lines, SizeIs(1 + 2 * 3));
  EXPECT_THAT(lines, Each(SizeIs(16)));
  const auto& detail = lines[4];
  EXPECT_EQ(detail[0], "sync");
  EXPECT_EQ(detail[1], "detail_fetch_seconds");
  EXPECT_EQ(detail[3], "p50");
  EXPECT_EQ(detail[5], "6");
  EXPECT_NEAR(std::stod(detail[9]), 0.379, 0.001);
  EXPECT_GT(std::stod(detail[10]), 0);
  EXPECT_EQ(detail[13], "regressed");
  EXPECT_EQ(lines[2][13], "not_judged");
  EXPECT_EQ(lines[2][14], "1 sample a run, 20 needed");
  EXPECT_EQ(lines[2][12], "");
}

TEST(ComparisonJson, SaysWhatTheVerdictRestsOn) {
  const auto json = nlohmann::json::parse(comparison_json(slower(), R"({"exit_code": 4})"));
  EXPECT_EQ(json["exit_code"], 4);
  EXPECT_EQ(json["max_regression"], 0.15);
  EXPECT_EQ(json["statistics_tested"], 4);
  const auto& detail = json["sections"][0]["stages"][1];
  EXPECT_EQ(detail["metric"], "detail_fetch_seconds");
  EXPECT_EQ(detail["p50"]["mark"], "regressed");
  EXPECT_LT(detail["p50"]["chance_of_noise"], 0.05);
  EXPECT_GT(detail["p50"]["ratio"]["low"], 1.3);
  EXPECT_THAT(json["summary"], HasSubstr("1 regressed"));
}

TEST(ComparisonJson, WhatIsUnknownIsNull) {
  const auto few = compare(runs_with("a", {0.1, 0.1}), runs_with("b", {0.2, 0.2}));
  const auto json = nlohmann::json::parse(comparison_json(few, "{}"));
  EXPECT_TRUE(json["sections"][0]["stages"][1]["p50"]["ratio"]["high"].is_null());
}

TEST(ComparisonMarkdown, IsATable) {
  const auto text = comparison_markdown(slower());
  EXPECT_THAT(text, HasSubstr("### sync: 6 runs before, 6 now\n\n| stage | statistic |"));
  EXPECT_THAT(text, HasSubstr("| detail_fetch | p95 | 120 ms | 166 ms | +37.9% | +3"));
  EXPECT_THAT(text, HasSubstr("✗ regressed |\n"));
}

}  // namespace
}  // namespace pipeline::report
