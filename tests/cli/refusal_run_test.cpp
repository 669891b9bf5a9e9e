#include "budget_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Calls that can't be understood: a script that asked for JSON gets it.
class RefusalRun : public ::testing::Test {
 protected:
  Outcome run(std::vector<std::string> arguments, const Process::Environment& environment = {}) const {
    arguments.insert(arguments.begin(), pipeline_binary());
    return Process(arguments, environment, dir_.path()).wait();
  }
  TempDir dir_;
};

TEST_F(RefusalRun, IsTheObjectThatWasPromised) {
  const Outcome outcome = run({"sync", "--wokers", "3", "--json"});
  EXPECT_EQ(outcome.exit_code, 2);
  const auto summary = json::parse(outcome.out);
  EXPECT_EQ(summary["command"], "sync");
  EXPECT_EQ(summary["status"], "usage");
  EXPECT_EQ(summary["exit_code"], 2);
  EXPECT_THAT(summary["stopped"], HasSubstr("did you mean --workers?"));
  EXPECT_EQ(summary["failures"], json::array());
  EXPECT_EQ(summary["trace_id"].get<std::string>().size(), 32U);
  EXPECT_THAT(outcome.err, HasSubstr("pipeline: sync has no option --wokers"));
}

TEST_F(RefusalRun, EveryKindOfWrongCallIsOne) {
  std::ofstream(dir_ / "wrong.toml") << "db = store.db\n";
  std::ofstream(dir_ / "json.toml") << "json = true\n[snyc]\n";
  const std::string wrong = (dir_ / "wrong.toml").string();
  const std::string json_file = (dir_ / "json.toml").string();
  const std::vector<std::string> calls[] = {{"--json"},
                                            {"snyc", "--json"},
                                            {"queue", "lits", "--json"},
                                            {"queue", "list", "--format=json", "--limit", "0"},
                                            {"queue", "claim", "--json"},
                                            {"package", "--json"},
                                            {"upsert", "--json"},
                                            {"sync", "--deadline", "6", "--json"},
                                            {"report", "html", "--json"},
                                            {"report", "check", "a.csv", "--json"},
                                            {"sync", "--json", "--config", wrong},
                                            {"sync", "--config", json_file}};
  for (const auto& call : calls) {
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    const auto summary = json::parse(outcome.out, nullptr, false);
    ASSERT_TRUE(summary.is_object()) << call.front() << ": " << outcome.out;
    EXPECT_EQ(summary["exit_code"], 2);
    EXPECT_FALSE(summary["stopped"].get<std::string>().empty());
  }
  EXPECT_EQ(json::parse(run({"snyc", "--json"}).out)["command"], nullptr);
}

TEST_F(RefusalRun, TheLogsFormIsObeyed) {
  const Outcome outcome = run({"snyc", "--log-format", "json"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.out, "");
  const auto line = json::parse(outcome.err);
  EXPECT_EQ(line["level"], "error");
  EXPECT_THAT(line["message"], HasSubstr("did you mean sync?"));
}

TEST_F(RefusalRun, WithoutJsonStandardOutputIsEmpty) {
  const Outcome outcome = run({"snyc"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.out, "");
}

TEST_F(RefusalRun, AVariableThatNoOptionHasIsToldAndStopsNothing) {
  std::ofstream(dir_ / "rows.jsonl") << R"({"sku":"A1","sale_price":1000})"
                                     << "\n";
  const std::vector<std::string> call{"upsert",        (dir_ / "rows.jsonl").string(), "--db", (dir_ / "s.db").string(),
                                      "--metrics-dir", (dir_ / "m").string()};
  const Outcome outcome = run(call, {{"PIPELINE_UPSERT_BATCHSIZE", "3"}, {"PIPELINE_WORKSPACE", "/builds"}});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("the variable PIPELINE_UPSERT_BATCHSIZE has no effect: no option has that "
                                           "name: did you mean PIPELINE_UPSERT_BATCH_SIZE?"),
                                 HasSubstr("the variable PIPELINE_WORKSPACE has no effect")));
  EXPECT_THAT(run(call, {{"PIPELINE_UPSERT_BATCH_SIZE", "3"}}).err, Not(HasSubstr("has no effect")));
}

}  // namespace
}  // namespace pipeline::test
