#include "pipeline/base/run_lock.h"
#include "pipeline/metrics/budget.h"

#include "budget_stand.h"
#include "metrics/exposition_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

bool is_word(char c) {
  return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
}

std::string take_word(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_word);
  std::string word(text.begin(), end);
  text.remove_prefix(word.size());
  return word;
}

// `label="value"` of a sample; in an expression there are other signs than = as well.
struct Matcher {
  std::string label;
  std::string sign;
  std::string value;
};

struct Use {
  std::string metric;
  std::vector<Matcher> matchers;
};

// What stands between braces, up to and with the closing one.
std::vector<Matcher> take_matchers(std::string_view& text) {
  std::vector<Matcher> matchers;
  while (!text.empty() && text.front() != '}') {
    Matcher& matcher = matchers.emplace_back();
    matcher.label = take_word(text);
    for (; !text.empty() && text.front() != '"'; text.remove_prefix(1)) matcher.sign += text.front();
    text.remove_prefix(std::min<std::size_t>(1, text.size()));
    for (; !text.empty() && text.front() != '"'; text.remove_prefix(1)) matcher.value += text.front();
    text.remove_prefix(std::min(text.find_first_not_of("\", "), text.size()));
  }
  text.remove_prefix(std::min<std::size_t>(1, text.size()));
  return matchers;
}

// Every place of the text that names a metric of the program.
std::vector<Use> uses_in(std::string_view text) {
  std::vector<Use> uses;
  while (!text.empty()) {
    if (!is_word(text.front())) {
      text.remove_prefix(1);
      continue;
    }
    Use use{take_word(text), {}};
    if (!use.metric.starts_with("pipeline_")) continue;
    if (text.starts_with('{')) {
      text.remove_prefix(1);
      use.matchers = take_matchers(text);
    }
    uses.push_back(std::move(use));
  }
  return uses;
}

// Each name and each label of the sample lines, with the label's values.
using Known = std::map<std::string, std::map<std::string, std::set<std::string>>>;

void add_samples(const std::string& text, Known& known) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    for (const Use& use : uses_in(line))
      for (const Matcher& matcher : use.matchers) known[use.metric][matcher.label].insert(matcher.value);
  }
}

// Every metric that the expression names has to be one the program writes, and every label, but the scraper's own
// `instance`, one of that metric; a fixed value of a label one that occurs.
std::size_t check_expression(const std::string& expression, const Known& known) {
  const auto uses = uses_in(expression);
  for (const Use& use : uses) {
    const auto metric = known.find(use.metric);
    if (metric == known.end()) {
      ADD_FAILURE() << "the program writes no " << use.metric << ": " << expression;
      continue;
    }
    for (const auto& [label, sign, value] : use.matchers) {
      if (label == "instance") continue;
      const auto values = metric->second.find(label);
      if (values == metric->second.end())
        ADD_FAILURE() << use.metric << " has no label " << label << ": " << expression;
      else if (sign == "=" && !value.starts_with('$') && !values->second.contains(value))
        ADD_FAILURE() << label << " is never " << value << ": " << expression;
    }
  }
  return uses.size();
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
    for (const auto& target : panel["targets"])
      EXPECT_GT(check_expression(target["expr"], known), 0U) << target["expr"];
  }
  for (const auto& variable : dashboard["templating"]["list"]) {
    if (variable["type"] != "query") continue;
    EXPECT_GT(check_expression(variable["definition"], known), 0U);
  }
  EXPECT_GT(check_expression(read_file(source("docs/monitoring/alerts.yml")), known), 7U);
}

// What the check above would say of a name that is wrong.
TEST_F(Monitoring, AWrongNameWouldBeSeen) {
  Known known;
  for (const auto& [command, text] : files) add_samples(text, known);
  EXPECT_EQ(check_expression(R"(sum(pipeline_api_429_total{endpoint="detail"}))", known), 1U);
  EXPECT_NONFATAL_FAILURE(check_expression("pipeline_api_430_total", known), "writes no");
  EXPECT_NONFATAL_FAILURE(check_expression(R"(pipeline_api_429_total{status="429"})", known), "no label status");
  EXPECT_NONFATAL_FAILURE(check_expression(R"(pipeline_packages_total{status="lost"})", known), "never lost");
}

// What docs/monitoring/README.md says of the exit codes 2 and 75.
TEST_F(Monitoring, ARunThatBeganWritesItsFileHoweverItEndedAndOneThatDidNotWritesNone) {
  const fs::path file = stand.path("ended.prom");
  const std::vector<std::string> options{"--json", "--prometheus", file.string()};
  auto wrong = options;
  wrong.insert(wrong.end(), {"--workers", "none"});
  EXPECT_EQ(stand.sync(wrong).exit_code, 2);
  EXPECT_FALSE(fs::exists(file)) << "wrong options";
  {
    const RunLock other(stand.path("store.db"), "another run", WallTime());
    EXPECT_EQ(stand.sync(options).exit_code, 75);
    EXPECT_FALSE(fs::exists(file)) << "another run at work";
  }
  stand.environment()["NAVER_COMMERCE_CLIENT_SECRET"] = "$2a$04$zzzzzzzzzzzzzzzzzzzzzz";
  EXPECT_EQ(stand.sync(options).exit_code, 2);
  EXPECT_THAT(read_file(file), ::testing::HasSubstr("pipeline_last_run_exit_code{command=\"sync\"} 2"));
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
