#include "pipeline/base/error.h"
#include "pipeline/metrics/budget.h"

#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace pipeline::metrics {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class BudgetFileTest : public ::testing::Test {
 protected:
  Budget read(const std::string& text, const std::vector<std::string>& sets = {}) const {
    std::ofstream(file, std::ios::binary) << text;
    return read_budget(file, sets, {"sync", "upsert", "package", "queue claim"});
  }
  // A file of one rule with this inside.
  static std::string with(const std::string& inside) {
    return R"({"sets": {"plan": [{"name": "a detail", "command": "sync", )" + inside + "}]}}";
  }
  Budget read_rule(const std::string& inside) const { return read(with(inside)); }
  double limit(const std::string& inside) const { return read_rule(inside).rules.at(0).limit.value; }

  std::string refusal(const std::string& text, const std::vector<std::string>& sets = {}) const {
    try {
      (void)read(text, sets);
    } catch (const UsageError& e) {
      EXPECT_THAT(e.what(), HasSubstr(file.string()));
      return e.what();
    }
    ADD_FAILURE() << "taken: " << text;
    return {};
  }
  // The same of one rule, which the refusal has to name.
  std::string rule_refusal(const std::string& inside) const {
    auto text = refusal(with(inside));
    EXPECT_THAT(text, AllOf(HasSubstr("set \"plan\""), HasSubstr("rule \"a detail\""))) << inside;
    return text;
  }

  test::TempDir dir;
  std::filesystem::path file = dir / "budget.json";
};

TEST_F(BudgetFileTest, ReadsARuleWithAllItCanHave) {
  const Budget budget = read(R"({"sets": {
    "zeta": [{"name": "429 answers", "command": "sync", "metric": "api_429_total", "labels": {"endpoint": "detail"},
              "statistic": "ratio", "to": {"metric": "api_requests_total", "labels": {"endpoint": "detail"}},
              "at_most": "1 %",
              "when": [{"metric": "listed_sku_total", "statistic": "sum", "at_least": 1000},
                       {"metric": "detail_fetch_seconds", "statistic": "count", "at_least": 1}]}],
    "alpha": [{"name": "b", "command": "queue claim", "metric": "db_lock_wait_seconds", "statistic": "max",
               "at_most": 1}]}})");
  ASSERT_EQ(budget.rules.size(), 2U);
  const Rule& rule = budget.rules[0];
  EXPECT_EQ(rule.set, "zeta") << "sets stand in the file's order";
  EXPECT_EQ(rule.name, "429 answers");
  EXPECT_EQ(rule.measure.of.labels, (LabelList{{"endpoint", "detail"}}));
  EXPECT_EQ(rule.measure.statistic, Statistic::ratio);
  EXPECT_EQ(rule.measure.to.value().metric, "api_requests_total");
  EXPECT_DOUBLE_EQ(rule.limit.value, 0.01);
  ASSERT_EQ(rule.when.size(), 2U);
  EXPECT_EQ(rule.when[0].limit.side, Limit::Side::at_least);
  EXPECT_EQ(rule.when[1].measure.statistic, Statistic::count);
  EXPECT_EQ(budget.rules[1].command, "queue claim");
}

TEST_F(BudgetFileTest, ALimitMayStandInTheUnitsOfPeople) {
  const std::string p95 = R"("metric": "detail_fetch_seconds", "statistic": "p95", "at_most": )";
  EXPECT_DOUBLE_EQ(limit(p95 + "0.5"), 0.5);
  EXPECT_DOUBLE_EQ(limit(p95 + R"("0.5")"), 0.5);
  EXPECT_DOUBLE_EQ(limit(p95 + R"("500 ms")"), 0.5);
  EXPECT_DOUBLE_EQ(limit(p95 + R"("80µs")"), 80e-6);
  EXPECT_DOUBLE_EQ(limit(p95 + R"("10 min")"), 600);
  const std::string rate = R"("metric": "listed_sku_total", "statistic": "rate", "at_least": )";
  EXPECT_DOUBLE_EQ(limit(rate + R"("120 /min")"), 2);
  EXPECT_DOUBLE_EQ(limit(rate + R"("7200 /h")"), 2);
  EXPECT_DOUBLE_EQ(limit(R"("metric": "package_size_bytes", "statistic": "sum", "at_most": "30 MB")"), 30e6);
  EXPECT_DOUBLE_EQ(limit(R"("metric": "changed_sku_ratio", "statistic": "sum", "at_most": "15%")"), 0.15);
}

TEST_F(BudgetFileTest, OnlyTheSetsNamedAreTaken) {
  const std::string text = R"({"sets": {
    "plan": [{"name": "a", "command": "sync", "metric": "retry_total", "statistic": "sum", "at_most": 1}],
    "own": [{"name": "a", "command": "sync", "metric": "retry_total", "statistic": "sum", "at_most": 0}]}})";
  EXPECT_EQ(read(text).rules.size(), 2U) << "sets may have rules of one name";
  ASSERT_EQ(read(text, {"own"}).rules.size(), 1U);
  EXPECT_EQ(read(text, {"own"}).rules[0].set, "own");
  EXPECT_EQ(read(text, {"own", "plan"}).rules.size(), 2U);
  EXPECT_THAT(refusal(text, {"owm"}), AllOf(HasSubstr("no set \"owm\""), HasSubstr("plan, own")));
}

TEST_F(BudgetFileTest, AFileThatIsNoBudgetIsRefused) {
  EXPECT_THROW((void)read_budget(dir / "none.json"), UsageError);
  EXPECT_THAT(refusal("{\"sets\": "), HasSubstr("not JSON"));
  EXPECT_THAT(refusal("[]"), HasSubstr("not an object"));
  EXPECT_THAT(refusal("{}"), HasSubstr("\"sets\""));
  EXPECT_THAT(refusal(R"({"sets": {}})"), HasSubstr("\"sets\""));
  EXPECT_THAT(refusal(R"({"sets": {"plan": []}})"), HasSubstr("no rule"));
  EXPECT_THAT(refusal(R"({"sets": {"plan": {}}})"), AllOf(HasSubstr("set \"plan\""), HasSubstr("list of rules")));
  EXPECT_THAT(refusal(R"({"sets": {"plan": [1]}})"), AllOf(HasSubstr("rule \"1\""), HasSubstr("not an object")));
  EXPECT_THAT(refusal(R"({"rules": {}})"), HasSubstr("unknown key \"rules\""));
  EXPECT_THAT(refusal(R"({"sets": {"plan": [], "plan": []}})"), HasSubstr("\"plan\" stands twice"));
}

TEST_F(BudgetFileTest, ARuleWithASlipIsRefusedByName) {
  const std::string p95 = R"("metric": "detail_fetch_seconds", "statistic": "p95")";
  const std::string sum = R"("metric": "retry_total", "statistic": "sum")";
  EXPECT_THAT(rule_refusal(p95), HasSubstr("no limit"));
  EXPECT_THAT(rule_refusal(p95 + R"(, "at_most": 1, "at_least": 0)"), HasSubstr("a second limit"));
  EXPECT_THAT(rule_refusal(R"("statistic": "p95", "at_most": 1)"), HasSubstr("\"metric\" is missing"));
  EXPECT_THAT(rule_refusal(R"("metric": 7, "statistic": "p95", "at_most": 1)"),
              HasSubstr("\"metric\" has to be a text"));
  EXPECT_THAT(rule_refusal(R"("metric": "a_seconds", "statistic": "p98", "at_most": 1)"),
              AllOf(HasSubstr("unknown statistic \"p98\""), HasSubstr("p95")));
  EXPECT_THAT(rule_refusal(R"("metric": "retry_total", "statistic": "p95", "at_most": 1)"), HasSubstr("has no p95"));
  EXPECT_THAT(rule_refusal(R"("metric": "changed_sku_ratio", "statistic": "min", "at_most": 1)"), HasSubstr("no min"));
  EXPECT_THAT(rule_refusal(R"("metric": "retry_total", "statistic": "ratio", "at_most": 1)"),
              HasSubstr("needs \"to\""));
  EXPECT_THAT(rule_refusal(sum + R"(, "to": {"metric": "api_429_total"}, "at_most": 1)"), HasSubstr("leave it out"));
  EXPECT_THAT(rule_refusal(R"("metric": "a_total", "statistic": "rate", "to": {"metric": "b_total"}, "at_most": 1)"),
              HasSubstr("b_total is none"));
  EXPECT_THAT(rule_refusal(R"("metric": "a_total", "statistic": "ratio", "to": {"name": "b"}, "at_most": 1)"),
              AllOf(HasSubstr("key \"to\""), HasSubstr("unknown key \"name\"")));
  EXPECT_THAT(rule_refusal(sum + R"(, "labels": ["a"], "at_most": 1)"), HasSubstr("\"labels\""));
  EXPECT_THAT(rule_refusal(sum + R"(, "labels": {"status": 200}, "at_most": 1)"), HasSubstr("\"status\""));
  EXPECT_THAT(rule_refusal(p95 + R"(, "at_most": 1, "when": {})"), HasSubstr("list of conditions"));
  EXPECT_THAT(rule_refusal(p95 + R"(, "at_most": 1, "when": [{"metric": "a_total", "statistic": "sum"}])"),
              AllOf(HasSubstr("condition \"1\""), HasSubstr("no limit")));
}

TEST_F(BudgetFileTest, ALimitThatIsNoneOrOfAnotherUnitIsRefused) {
  const std::string p95 = R"("metric": "detail_fetch_seconds", "statistic": "p95", "at_most": )";
  for (const char* wrong : {"true", "null", "-1", "\"fast\"", "\"\"", "\"5 %\"", "\"5 ms or so\"", "\"-5 ms\"",
                            "\"inf\"", "\"nan\"", "[1]"})
    EXPECT_THAT(rule_refusal(p95 + wrong), AllOf(HasSubstr("\"at_most\" is "), HasSubstr("ms"))) << wrong;
  EXPECT_THAT(rule_refusal(R"("metric": "retry_total", "statistic": "sum", "at_most": "5 ms")"),
              HasSubstr("has to be a number, not below zero"));
}

TEST_F(BudgetFileTest, ARuleOfNoCommandOrWithoutANameOfItsOwnIsRefused) {
  EXPECT_THAT(refusal(R"({"sets": {"plan": [{"name": "a", "command": "snyc", "metric": "retry_total",
                          "statistic": "sum", "at_most": 1}]}})"),
              AllOf(HasSubstr("rule \"a\""), HasSubstr("\"snyc\""), HasSubstr("sync, upsert, package")));
  EXPECT_THAT(refusal(R"({"sets": {"plan": [{"command": "sync"}]}})"), HasSubstr("\"name\" is missing"));
  const std::string rule = R"({"name": "a", "command": "sync", "metric": "b_total", "statistic": "sum", "at_most": 1})";
  EXPECT_THAT(refusal(R"({"sets": {"plan": [)" + rule + ", " + rule + "]}}"),
              HasSubstr("two rules of sync are called \"a\""));
}

}  // namespace
}  // namespace pipeline::metrics
