#include "pipeline/metrics/budget.h"

#include "budget_stand.h"
#include "metrics/exposition_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace pipeline::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path source(const char* name) {
  return fs::path(PIPELINE_SOURCE_DIR) / name;
}

// One run of each command on one store, judged by the budget that is kept for releases.
class Monitoring : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto options = [&](const char* command) {
      return std::vector<std::string>{"--json", "--budget", source("bench/budget.json").string(), "--prometheus",
                                      stand.path(std::string(command) + ".prom")};
    };
    keep("sync", stand.sync(options("sync")));
    keep("upsert", stand.upsert(options("upsert")));
    keep("package", stand.package(options("package"), 10));
  }

  void keep(const std::string& command, const Outcome& run) {
    // On a busy machine a rule may be over: how long something takes is no matter here.
    ASSERT_TRUE(run.exit_code == 0 || run.exit_code == 4) << run.err;
    summaries[command] = json::parse(run.out);
    files[command] = read_file(stand.path(command + ".prom"));
  }

  BudgetStand stand;
  std::map<std::string, json> summaries;
  std::map<std::string, std::string> files;
};

// Each name and each label of the sample lines, with the label's values.
using Known = std::map<std::string, std::map<std::string, std::set<std::string>>>;

void add_samples(const std::string& text, Known& known) {
  static const std::regex kSample(R"((?:^|\n)(pipeline_\w+)\{([^\n]*)\} )");
  static const std::regex kLabel(R"re((\w+)="([^"]*)")re");
  for (std::sregex_iterator line(text.begin(), text.end(), kSample), end; line != end; ++line) {
    auto& labels = known[(*line)[1]];
    const std::string inside = (*line)[2];
    for (std::sregex_iterator label(inside.begin(), inside.end(), kLabel); label != end; ++label)
      labels[(*label)[1]].insert((*label)[2]);
  }
}

// Every metric that the expression names has to be one the program writes, and every label, but the scraper's own
// `instance`, one of that metric; a fixed value of a label one that occurs.
int check_expression(const std::string& expression, const Known& known) {
  static const std::regex kUse(R"((pipeline_\w+)(?:\{([^}]*)\})?)");
  static const std::regex kMatcher(R"re((\w+)(=~|!=|!~|=)"([^"]*)")re");
  int uses = 0;
  for (std::sregex_iterator use(expression.begin(), expression.end(), kUse), end; use != end; ++use, ++uses) {
    const auto metric = known.find((*use)[1]);
    if (metric == known.end()) {
      ADD_FAILURE() << "the program writes no " << (*use)[1] << ": " << expression;
      continue;
    }
    const std::string inside = (*use)[2];
    for (std::sregex_iterator matcher(inside.begin(), inside.end(), kMatcher); matcher != end; ++matcher) {
      const std::string label = (*matcher)[1];
      const std::string value = (*matcher)[3];
      if (label == "instance") continue;
      const auto values = metric->second.find(label);
      if (values == metric->second.end())
        ADD_FAILURE() << (*use)[1] << " has no label " << label << ": " << expression;
      else if ((*matcher)[2] == "=" && !value.starts_with('$') && !values->second.contains(value))
        ADD_FAILURE() << label << " is never " << value << ": " << expression;
    }
  }
  return uses;
}

TEST_F(Monitoring, NoRuleOfTheBudgetIsMissingInARun) {
  std::set<std::string> judged;
  for (const auto& [command, summary] : summaries) {
    EXPECT_FALSE(summary["budget"].empty()) << command;
    for (const auto& verdict : summary["budget"]) {
      EXPECT_NE(verdict["outcome"], "missing") << command << ": " << verdict.dump(2);
      judged.insert(command + verdict["set"].get<std::string>() + verdict["rule"].get<std::string>());
    }
  }
  const auto budget = metrics::read_budget(source("bench/budget.json"));
  EXPECT_EQ(judged.size(), budget.rules.size()) << "every rule is for a command that ran";
  for (const char* set : {"plan", "own"})
    EXPECT_FALSE(metrics::read_budget(source("bench/budget.json"), {set}).rules.empty());
}

TEST_F(Monitoring, TheCasesOfTheBudgetCanBeTold) {
  const auto outcome = [&](const char* command, const std::string& rule) -> std::string {
    for (const auto& verdict : summaries.at(command)["budget"])
      if (verdict["set"] == "plan" && verdict["rule"] == rule) return verdict["outcome"];
    return "not there";
  };
  EXPECT_EQ(outcome("sync", "1,000 products in ten minutes"), "not_applicable");
  EXPECT_NE(outcome("sync", "a detail"), "not_applicable");
  EXPECT_EQ(outcome("upsert", "10,000 rows in 120 s"), "not_applicable");
  EXPECT_NE(outcome("package", "a post of up to 10 pictures"), "not_applicable");
  EXPECT_EQ(outcome("package", "a post with a video"), "not_applicable");

  const auto larger =
      json::parse(stand.package({"--json", "--force", "--budget", source("bench/budget.json").string()}, 11).out);
  int found = 0;
  for (const auto& verdict : larger["budget"]) {
    if (verdict["rule"] != "a post of up to 10 pictures") continue;
    EXPECT_EQ(verdict["reason"], "post_images_max is 11, the rule is for ≤ 10");
    ++found;
  }
  EXPECT_EQ(found, 2) << "of both sets";
}

TEST_F(Monitoring, TheNewCountersCountWhatTheyName) {
  const auto value = [&](const char* command, const char* metric) {
    return ExpositionParser(files.at(command)).value({metric, {{"command", command}}});
  };
  EXPECT_EQ(value("sync", "pipeline_listed_sku_total"), summaries["sync"]["listed"]);
  EXPECT_EQ(value("upsert", "pipeline_rows_read_total"), summaries["upsert"]["rows_read"]);
  EXPECT_EQ(value("package", "pipeline_post_images_max"), 10);
}

TEST_F(Monitoring, DashboardAndAlertsAskForWhatTheProgramWrites) {
  Known known;
  for (const auto& [command, text] : files) add_samples(text, known);
  const json dashboard = json::parse(read_file(source("docs/monitoring/dashboard.json")));
  std::set<int> ids;
  for (const auto& panel : dashboard["panels"]) {
    EXPECT_TRUE(ids.insert(panel["id"].get<int>()).second) << "an id twice: " << panel["id"];
    if (panel["type"] == "row") continue;
    EXPECT_EQ(panel["datasource"]["uid"], "${datasource}") << panel["title"];
    ASSERT_FALSE(panel["targets"].empty()) << panel["title"];
    for (const auto& target : panel["targets"]) EXPECT_GT(check_expression(target["expr"], known), 0) << target["expr"];
  }
  for (const auto& variable : dashboard["templating"]["list"]) {
    if (variable["type"] != "query") continue;
    EXPECT_GT(check_expression(variable["definition"], known), 0);
  }
  EXPECT_GT(check_expression(read_file(source("docs/monitoring/alerts.yml")), known), 7);
}

// What the check above would say of a name that is wrong.
TEST_F(Monitoring, AWrongNameWouldBeSeen) {
  Known known;
  for (const auto& [command, text] : files) add_samples(text, known);
  EXPECT_EQ(check_expression(R"(sum(pipeline_api_429_total{endpoint="detail"}))", known), 1);
  EXPECT_NONFATAL_FAILURE(check_expression("pipeline_api_430_total", known), "writes no");
  EXPECT_NONFATAL_FAILURE(check_expression(R"(pipeline_api_429_total{status="429"})", known), "no label status");
  EXPECT_NONFATAL_FAILURE(check_expression(R"(pipeline_packages_total{status="lost"})", known), "never lost");
}

TEST_F(Monitoring, PromtoolTakesTheFilesOfRealRuns) {
  if (std::system("command -v promtool >/dev/null") != 0) GTEST_SKIP() << "promtool is not installed";
  for (const auto& [command, text] : files)
    EXPECT_EQ(std::system(("promtool check metrics < " + stand.path(command + ".prom")).c_str()), 0) << command;
}

TEST(Alerts, PassPromtoolsTests) {
  if (std::system("command -v promtool >/dev/null") != 0) GTEST_SKIP() << "promtool is not installed";
  const auto folder = source("docs/monitoring").string();
  EXPECT_EQ(std::system(("cd " + folder + " && promtool check rules alerts.yml").c_str()), 0);
  EXPECT_EQ(std::system(("cd " + folder + " && promtool test rules alerts_test.yml").c_str()), 0);
}

}  // namespace
}  // namespace pipeline::test
