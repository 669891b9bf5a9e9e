#include "parse.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace pipeline::cli {
namespace {

using test::parse;
using test::parse_as;
using test::ScopedEnvironment;
using test::usage_error;
using testing::ElementsAre;
using testing::HasSubstr;

ReportCompareCommand compare(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"report", "compare"});
  return parse_as<ReportCompareCommand>(arguments);
}

ReportHistoryCommand history(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"report", "history"});
  return parse_as<ReportHistoryCommand>(arguments);
}

TEST(ReportOptions, SidesAreNamedByPlaceOrByOption) {
  EXPECT_THAT(compare({"a.csv", "b.csv"}).base, ElementsAre("a.csv"));
  EXPECT_THAT(compare({"a.csv", "b.csv"}).fresh, ElementsAre("b.csv"));
  const auto lists = compare({"--base", "a", "b", "--new", "c", "d", "e"});
  EXPECT_THAT(lists.base, ElementsAre("a", "b"));
  EXPECT_THAT(lists.fresh, ElementsAre("c", "d", "e"));
  const auto both = compare({"a", "b", "--new", "c"});
  EXPECT_THAT(both.base, ElementsAre("a"));
  EXPECT_THAT(both.fresh, ElementsAre("b", "c"));
}

TEST(ReportOptions, ASideThatIsMissingIsSaid) {
  EXPECT_THAT(usage_error({"report", "compare"}), HasSubstr("say what was before, as BASE or with --base"));
  EXPECT_THAT(usage_error({"report", "compare", "a"}), HasSubstr("say what is now, as NEW or with --new"));
  EXPECT_THAT(usage_error({"report", "compare", "a", "b", "c"}), HasSubstr("c"));
}

TEST(ReportOptions, ALimitIsAShareInAnyForm) {
  EXPECT_DOUBLE_EQ(compare({"a", "b"}).max_regression, 0.15);
  for (const char* const text : {"20%", "20", "0.2"})
    EXPECT_DOUBLE_EQ(compare({"a", "b", "--max-regression", text}).max_regression, 0.2) << text;
  EXPECT_DOUBLE_EQ(compare({"a", "b", "--max-regression", "0.5%"}).max_regression, 0.005);
  for (const char* const text : {"-5%", "much", "15 %", "nan", ""})
    EXPECT_THAT(usage_error({"report", "compare", "a", "b", std::string("--max-regression=") + text}),
                HasSubstr("--max-regression"))
        << text;
}

TEST(ReportOptions, HistoryHasWeeksAndAStatistic) {
  const auto standard = history({});
  EXPECT_EQ(standard.weeks, 8);
  EXPECT_EQ(standard.statistic, "p95");
  EXPECT_EQ(standard.common.metrics_dir, "metrics");
  const auto own = history({"--weeks", "52", "--statistic", "max", "--command", "sync", "--metrics-dir", "m"});
  EXPECT_EQ(own.weeks, 52);
  EXPECT_EQ(own.statistic, "max");
  EXPECT_EQ(own.command, "sync");
  EXPECT_EQ(own.common.metrics_dir, "m");
  EXPECT_THAT(usage_error({"report", "history", "--weeks", "0"}), HasSubstr("from 1 to 520"));
  EXPECT_THAT(usage_error({"report", "history", "--statistic", "p90"}), HasSubstr("none of p50, p95, p99"));
}

TEST(ReportOptions, EnvironmentAndFileGiveDefaults) {
  const std::map<std::string, std::string> ten{{"PIPELINE_REPORT_MAX_REGRESSION", "10%"}};
  const ScopedEnvironment variables(ten);
  EXPECT_DOUBLE_EQ(compare({"a", "b"}).max_regression, 0.1);
  EXPECT_DOUBLE_EQ(compare({"a", "b", "--max-regression", "30%"}).max_regression, 0.3);
  const test::TempDir folder;
  const auto path = (folder / "pipeline.toml").string();
  std::ofstream(path) << "metrics-dir = \"there\"\n[report]\nweeks = 26\n";
  const auto from_file = history({"--config", path});
  EXPECT_EQ(from_file.weeks, 26);
  EXPECT_EQ(from_file.common.metrics_dir, "there");
}

}  // namespace
}  // namespace pipeline::cli
